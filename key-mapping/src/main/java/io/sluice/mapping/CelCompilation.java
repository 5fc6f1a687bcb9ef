package io.sluice.mapping;

import com.google.common.collect.ImmutableList;
import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelIssue;
import dev.cel.common.CelOptions;
import dev.cel.common.CelValidationException;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.navigation.CelNavigableAst;
import dev.cel.common.navigation.CelNavigableExpr;
import dev.cel.common.types.MapType;
import dev.cel.common.types.SimpleType;
import dev.cel.compiler.CelCompiler;
import dev.cel.compiler.CelCompilerFactory;
import dev.cel.parser.CelMacro;
import dev.cel.parser.CelMacroExprFactory;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import dev.cel.runtime.CelRuntimeFactory;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Compiles conditions written in CEL, the Common Expression Language. Stateless.
 *
 * <p>Bounded: the language has no loops once its macros are gone, an expression has at most 2,000 characters, and
 * regular expressions are RE2's, which are linear. So its time is at most that of a few passes over the row's values.
 */
final class CelCompilation {
    static final String BEFORE = "before";
    static final String AFTER = "after";
    static final String CHANGED = "changed";
    private static final int MAX_LENGTH = 2_000;
    private static final int MAX_NESTING = 50;
    private static final int MAX_PATTERN = 1_000;
    /** Distinct from every name a user can write. */
    static final String CHANGES = "@changes";

    private static final CelOptions OPTIONS = CelOptions.current()
            .maxExpressionCodePointSize(MAX_LENGTH)
            .maxParseRecursionDepth(MAX_NESTING)
            .maxRegexProgramSize(MAX_PATTERN)
            .enableHeterogeneousNumericComparisons(true)
            .build();
    private static final CelCompiler COMPILER = CelCompilerFactory.standardCelCompilerBuilder()
            .setOptions(OPTIONS)
            .setStandardMacros()
            .addMacros(CelMacro.newGlobalVarArgMacro(CHANGED, (factory, target, columns) -> changed(factory, columns)))
            .addVar(BEFORE, MapType.create(SimpleType.STRING, SimpleType.DYN))
            .addVar(AFTER, MapType.create(SimpleType.STRING, SimpleType.DYN))
            .addVar(CHANGES, MapType.create(SimpleType.STRING, SimpleType.BOOL))
            .addVar("inserted", SimpleType.BOOL)
            .addVar("updated", SimpleType.BOOL)
            .addVar("deleted", SimpleType.BOOL)
            .setResultType(SimpleType.BOOL)
            .build();
    private static final CelRuntime RUNTIME =
            CelRuntimeFactory.plannerRuntimeBuilder().setOptions(OPTIONS).build();

    private CelCompilation() {}

    /** The condition; throws IllegalArgumentException that says what is wrong and what there is. */
    static CelCondition compile(String text) {
        try {
            CelAbstractSyntaxTree tree = COMPILER.compile(text).getAst();
            if (!tree.getResultType().equals(SimpleType.BOOL)) {
                throw wrong(text, "it is not true or false: compare the value with something");
            }
            return new CelCondition(text, List.copyOf(columns(tree)), RUNTIME.createProgram(tree));
        } catch (CelValidationException e) {
            throw wrong(text, problem(e));
        } catch (CelEvaluationException e) {
            throw wrong(text, String.valueOf(e.getMessage()));
        }
    }

    private static IllegalArgumentException wrong(String text, String problem) {
        return new IllegalArgumentException("'" + text + "' is not a condition: " + problem
                + "; there are changed(column, ...), inserted, deleted, updated, before.column, after.column, and the"
                + " operators of CEL (== != < <= > >= && || ! in + - * / %)");
    }

    private static String problem(CelValidationException e) {
        List<CelIssue> issues = e.getErrors();
        if (issues.isEmpty()) {
            return String.valueOf(e.getMessage());
        }
        CelIssue first = issues.getFirst();
        return first.getMessage() + " (at its character "
                + (first.getSourceLocation().getColumn() + 1) + ")";
    }

    /** {@code changed(a, b)} is short for {@code @changes.a || @changes.b}. */
    private static Optional<CelExpr> changed(CelMacroExprFactory factory, ImmutableList<CelExpr> columns) {
        if (columns.isEmpty()) {
            return Optional.of(factory.reportError("changed() lacks a column"));
        }
        List<CelExpr> tests = new ArrayList<>();
        for (CelExpr column : columns) {
            String name = switch (column.exprKind().getKind()) {
                case IDENT -> column.ident().name();
                case CONSTANT -> column.constant().stringValue();
                default -> "";
            };
            if (name.isEmpty()) {
                return Optional.of(factory.reportError("changed() takes names of columns"));
            }
            tests.add(factory.newSelect(factory.newIdentifier(CHANGES), name, false));
        }
        CelExpr any = tests.getFirst();
        for (CelExpr test : tests.subList(1, tests.size())) {
            any = factory.newGlobalCall("_||_", any, test);
        }
        return Optional.of(any);
    }

    private static Set<String> columns(CelAbstractSyntaxTree tree) {
        Set<String> columns = new LinkedHashSet<>();
        CelNavigableAst.fromAst(tree)
                .getRoot()
                .allNodes()
                .filter(node -> node.getKind() == CelExpr.ExprKind.Kind.IDENT)
                .filter(node -> isImage(node.expr().ident().name()))
                .forEach(node -> columns.add(column(node)));
        return columns;
    }

    private static boolean isImage(String name) {
        return name.equals(BEFORE) || name.equals(AFTER) || name.equals(CHANGES);
    }

    private static String column(CelNavigableExpr image) {
        Optional<CelNavigableExpr> parent = image.parent();
        if (parent.isPresent()) {
            CelExpr around = parent.get().expr();
            if (around.exprKind().getKind() == CelExpr.ExprKind.Kind.SELECT) {
                return around.select().field();
            }
            if (around.exprKind().getKind() == CelExpr.ExprKind.Kind.CALL
                    && around.call().function().equals("_[_]")
                    && around.call().args().get(1).exprKind().getKind() == CelExpr.ExprKind.Kind.CONSTANT) {
                return around.call().args().get(1).constant().stringValue();
            }
        }
        throw new IllegalArgumentException("'" + image.expr().ident().name()
                + "' stands alone in a condition: write before.column or after[\"column\"]");
    }
}
