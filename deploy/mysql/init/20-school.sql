-- An example database: students and their classes. Leave this file out where there is a database of your own.
CREATE DATABASE school;
USE school;
CREATE TABLE classes (id INT PRIMARY KEY, title VARCHAR(100) NOT NULL);
CREATE TABLE students (id BIGINT PRIMARY KEY, name VARCHAR(100) NOT NULL, class_id INT NOT NULL,
  score DECIMAL(5,2) NOT NULL, KEY (class_id));
INSERT INTO classes WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 99)
  SELECT i, CONCAT('Class ', i) FROM n;
SET SESSION cte_max_recursion_depth = 5000;
INSERT INTO students WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000)
  SELECT i, CONCAT('Student ', i), i % 100, i % 100 + 0.5 FROM n;
