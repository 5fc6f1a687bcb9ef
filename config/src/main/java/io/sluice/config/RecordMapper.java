package io.sluice.config;

import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Constructor;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.cfg.EnumFeature;
import tools.jackson.databind.cfg.MapperConfig;
import tools.jackson.databind.introspect.AnnotatedMember;
import tools.jackson.databind.introspect.AnnotatedParameter;
import tools.jackson.databind.introspect.JacksonAnnotationIntrospector;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.dataformat.yaml.YAMLFactory;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** How YAML becomes records: names, value types, and which components are required. Stateless. */
final class RecordMapper {
    private static final int MAX_DEPTH = 50;

    private RecordMapper() {}

    static ObjectMapper create() {
        YAMLFactory factory = YAMLFactory.builder()
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(MAX_DEPTH)
                        .build())
                .build();
        SimpleModule values = new SimpleModule("values")
                .addDeserializer(Duration.class, new TextDeserializer<>(Duration.class, DurationText::parse))
                .addDeserializer(DataSize.class, new TextDeserializer<>(DataSize.class, DataSize::parse))
                .addDeserializer(Secret.class, new TextDeserializer<>(Secret.class, Secret::new));
        return YAMLMapper.builder(factory)
                .propertyNamingStrategy(PropertyNamingStrategies.KEBAB_CASE)
                .annotationIntrospector(new RequiredUnlessNullable())
                .enable(
                        DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES,
                        DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS)
                .enable(EnumFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
                .addModule(values)
                .build();
    }

    /** A component without {@code @Nullable} must be in the file. */
    private static final class RequiredUnlessNullable extends JacksonAnnotationIntrospector {
        @Override
        public @Nullable Boolean hasRequiredMarker(MapperConfig<?> config, AnnotatedMember member) {
            if (member instanceof AnnotatedParameter parameter) {
                AnnotatedElement owner = parameter.getOwner().getAnnotated();
                if (owner instanceof Constructor<?> constructor
                        && constructor.getDeclaringClass().isRecord()) {
                    return !constructor.getAnnotatedParameterTypes()[parameter.getIndex()].isAnnotationPresent(
                            Nullable.class);
                }
            }
            return super.hasRequiredMarker(config, member);
        }
    }
}
