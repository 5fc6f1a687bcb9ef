-- definitions
CREATE TABLE students (id INT PRIMARY KEY, name VARCHAR(20), class_id INT, score DECIMAL(10,2), note TEXT)
-- rows
INSERT INTO students VALUES (1, 'Ann', 3, 1, NULL)
INSERT INTO students VALUES (2, 'Zoë "学校" \\ \n', 3, 90.50, 'x'), (3, 'Bob', NULL, NULL, NULL)
UPDATE students SET name = 'Anne' WHERE id = 1
UPDATE students SET class_id = 4, score = score + 1 WHERE id IN (1, 2)
UPDATE students SET name = CONCAT(name, '!'), class_id = IF(id = 3, 5, class_id)
UPDATE students SET class_id = NULL WHERE id = 3
UPDATE students SET id = 10 WHERE id = 1
DELETE FROM students WHERE id = 3
-- REPLACE of a row is an UPDATE here
REPLACE INTO students VALUES (2, 'Cid', 4, 1.5, NULL)
INSERT INTO students VALUES (2, 'Cid', 4, 1.5, NULL) ON DUPLICATE KEY UPDATE score = 2
-- settings
SET SESSION binlog_row_image = 'MINIMAL'
-- partial images
INSERT INTO students (id, name) VALUES (20, 'Dan')
UPDATE students SET note = 'm' WHERE id = 20
UPDATE students SET id = 21 WHERE id = 20
DELETE FROM students WHERE id = 21
-- settings
SET SESSION binlog_row_image = 'NOBLOB'
-- images without unchanged blobs
INSERT INTO students VALUES (30, 'Eve', 3, 1, 'text')
UPDATE students SET name = 'Eva' WHERE id = 30
UPDATE students SET note = 'other' WHERE id = 30
-- this one looks like a full image: that the note was another before is not told
UPDATE students SET note = 'third', name = 'Evi' WHERE id = 30
DELETE FROM students WHERE id = 30
CREATE TABLE papers (id INT PRIMARY KEY, title VARCHAR(20), body BLOB)
INSERT INTO papers VALUES (1, 'a', X'0102')
UPDATE papers SET title = 'b' WHERE id = 1
DELETE FROM papers WHERE id = 1
-- settings
SET SESSION binlog_row_image = 'FULL'
-- every type
CREATE TABLE types (id INT PRIMARY KEY, c_tinyint TINYINT, c_bool TINYINT(1), c_usmallint SMALLINT UNSIGNED, c_mediumint MEDIUMINT, c_zerofill INT(8) UNSIGNED ZEROFILL, c_bigint BIGINT, c_ubigint BIGINT UNSIGNED, c_decimal DECIMAL(10,2), c_wide DECIMAL(38,10), c_float FLOAT, c_double DOUBLE, c_bit1 BIT(1), c_bit8 BIT(8), c_bit64 BIT(64), c_char CHAR(10), c_varchar VARCHAR(50), c_latin VARCHAR(10) CHARACTER SET latin1, c_text TEXT, c_enum ENUM('red','it''s green'), c_set SET('a','b','c'), c_date DATE, c_datetime DATETIME, c_datetime6 DATETIME(6), c_timestamp TIMESTAMP(3) NULL, c_time TIME, c_time3 TIME(3), c_year YEAR, c_binary BINARY(8), c_varbinary VARBINARY(16), c_blob BLOB, c_json JSON)
INSERT INTO types VALUES (1, -128, 2, 65535, -8388608, 42, -9223372036854775808, 18446744073709551615, 1, -0.5, 0.1, 1.5e20, b'1', b'10000001', b'1111111111111111111111111111111111111111111111111111111111111111', 'Ann', 'Zoë 学校', 'é', 'text', 'it''s green', 'a,c', '2024-02-29', '2024-02-29 23:59:59', '2024-02-29 01:02:03.040500', '2024-02-29 12:34:56.7', '-123:45:56', '07:08:09.12', 2024, X'0102', X'00FF10AB', X'CAFE', '{"b": [1, {"c d": "x"}], "n": 1.50}')
INSERT INTO types (id, c_bit64, c_double, c_enum, c_set, c_json) VALUES (2, b'111', -2.5e-7, 'red', '', '[true, null]')
INSERT INTO types (id, c_bit64) VALUES (3, b'1000000000000000000000000000000000000000000000000000000000000000')
-- definitions
ALTER TABLE students ADD COLUMN age INT
ALTER TABLE students MODIFY COLUMN age BIGINT, DROP COLUMN note
CREATE INDEX by_name ON students (name)
DROP INDEX by_name ON students
TRUNCATE TABLE students
CREATE TABLE _students_gho LIKE students
RENAME TABLE students TO _students_del, _students_gho TO students
ALTER TABLE _students_del RENAME TO students_old
CREATE TABLE logs (id INT, day INT) PARTITION BY RANGE (day) (PARTITION p0 VALUES LESS THAN (10), PARTITION p1 VALUES LESS THAN (20))
ALTER TABLE logs TRUNCATE PARTITION p0
ALTER TABLE logs DROP PARTITION p0
CREATE TABLE logs_x (id INT, day INT)
ALTER TABLE logs EXCHANGE PARTITION p1 WITH TABLE logs_x
DROP TABLE logs, logs_x
CREATE TABLE parents (id INT PRIMARY KEY)
CREATE TABLE children (id INT PRIMARY KEY, parent_id INT, FOREIGN KEY (parent_id) REFERENCES parents (id) ON DELETE CASCADE)
INSERT INTO parents VALUES (1)
INSERT INTO children VALUES (1, 1), (2, 1)
DELETE FROM parents WHERE id = 1
-- settings
SET SESSION binlog_format = 'STATEMENT'
-- a change logged as a statement
UPDATE students SET age = 1
INSERT INTO students (id, name) VALUES (40, 'Fay')
DELETE FROM students WHERE id = 40
-- settings
SET SESSION binlog_format = 'ROW'
-- a view
CREATE VIEW grown AS SELECT id FROM students
DROP VIEW grown
-- distributed transactions: their rows come when they are prepared, and nothing when they are committed or rolled back
INSERT INTO students (id, name, class_id) VALUES (50, 'Gil', 3)
XA START 'one'
UPDATE students SET class_id = 4 WHERE id = 50
XA END 'one'
XA PREPARE 'one'
XA COMMIT 'one'
XA START 'two'
DELETE FROM students WHERE id = 50
XA END 'two'
XA PREPARE 'two'
XA ROLLBACK 'two'
XA START 'three'
UPDATE students SET class_id = 5 WHERE id = 50
XA END 'three'
XA COMMIT 'three' ONE PHASE
-- the end
DROP TABLE students
