#include "ae/data/table.hpp"

#include <cmath>

#include "support/expect.hpp"
#include "support/files.hpp"

using ae::ColumnKind;
using ae::Matrix;
using ae::Schema;
using ae::Table;
using ae::TableLines;
using ae::TextFile;
using Texts = std::vector<std::string>;

namespace {

const std::string training =
    "when,x,colour,state\n"
    "2026-11-28,1,red,ok\n"
    "2026-11-29,2,blue,ok\n";

TextFile file_of(const std::string& text) {
  return TextFile::of(text, "new.csv");
}

Schema schema_of(const std::string& text, const ae::SchemaOptions& options = {}) {
  return Schema::learn(file_of(text), options);
}

const Schema& learnt() {
  static const Schema schema = schema_of(training, {.label = "state"});
  return schema;
}

Table read(const std::string& text, const Schema& schema = learnt(),
           const ae::TableOptions& options = {}) {
  return Table::read(file_of(text), schema, options);
}

std::string error_of(const std::string& text, const Schema& schema = learnt()) {
  return message_of<ae::FileError>([&] { read(text, schema); });
}

bool same(const Matrix<double>& a, const Matrix<double>& b) {
  return a.rows() == b.rows() && a.cols() == b.cols() &&
         ((a.array() == b.array()) || (a.array().isNaN() && b.array().isNaN())).all();
}

}  // namespace

TEST_CASE("a table has values, labels and times") {
  const Table table = read(training);
  CHECK(same(table.values, Matrix<double>{{1, 2}, {0, 1}, {1, 0}, {0, 0}}));
  CHECK(table.labels == Texts{"ok", "ok"});
  CHECK(table.times == ae::Vector<double>{{1795824000, 1795824000 + 86400}});
  CHECK(table.lines == std::vector<ae::Index>{2, 3});
  CHECK(!table.anomalies().any());
}

TEST_CASE("columns are matched by name, and labels and times may be missing") {
  const Table table = read("colour;x\nblue;7\n", learnt());
  CHECK(same(table.values, Matrix<double>{{7}, {1}, {0}, {0}}));
  CHECK(table.labels.empty());
  CHECK(table.times.size() == 0);
  CHECK(!table.anomalies().any());
}

TEST_CASE("what is not a category goes to a place of its own") {
  CHECK(same(read("x,colour\n1,green\n2,red\n").values,
             Matrix<double>{{1, 2}, {0, 0}, {0, 1}, {1, 0}}));
}

TEST_CASE("missing values are NaN, in all features of their column") {
  const Table table = read("x,colour,state,when\n?,NA,,\n2, ,fault,2026-11-28\n");
  CHECK(same(table.values, Matrix<double>{{NAN, 2}, {NAN, NAN}, {NAN, NAN}, {NAN, NAN}}));
  CHECK(table.labels == Texts{"", "fault"});
  CHECK(std::isnan(table.times[0]));
  CHECK(says(message_of<ae::DataError>([&] { table.anomalies(); }), "line 2", "expected a label"));
  CHECK(read("x,colour,state\n1,red,fault\n").anomalies()[0]);
}

TEST_CASE("marks of the caller's own, as texts and as numbers") {
  const std::string text = "x,c\n1,a\n-999,none\n-999.0,b\n3,a\n";
  const Schema schema = schema_of(text, {.format = {.missing_marks = {"-999", "none"}}});
  CHECK(same(read(text, schema).values,
             Matrix<double>{{1, NAN, NAN, 3}, {1, NAN, 0, 1}, {0, NAN, 1, 0}, {0, NAN, 0, 0}}));
}

TEST_CASE("columns that are missing, unknown or of another kind are named") {
  CHECK(says(error_of("x,hue\n1,red\n"), "new.csv", "\"x\", \"colour\"",
             "found none called \"colour\"", "but the unknown \"hue\"", ".ignore_unknown"));
  CHECK(says(error_of("x,colour,y,z\n1,red,1,2\n"), "found the unknown \"y\", \"z\""));
  CHECK(read("x,colour,y\n1,red,1\n", learnt(), {.ignore_unknown = true}).samples() == 1);
  CHECK(says(error_of("x,colour\n1,red\nhot,red\n"), "new.csv, line 3, column 1 (\"x\")",
             "expected a number, found \"hot\""));
  CHECK(says(error_of("x,colour\n\n\n1,7\n2,8\n"), "new.csv, line 4, column 2 (\"colour\")",
             "expected texts", "\"7\" and only numbers"));
  CHECK(read("x,colour\n1,7\n2,green\n").samples() == 2);
  CHECK(says(error_of("x,colour,when\n1,red,noon\n"), "(\"when\")", "expected a date or moment",
             "\"noon\""));
  CHECK(says(error_of("x,colour\nlow,red\n"), "a number, found \"low\"; .missing_marks may"));
  CHECK(says(message_of<ae::FileError>([] {
               read("x;colour\n1;red\n", Schema(learnt().columns(), true, {.separator = ','}));
             }),
             "the unknown \"x;colour\"", "(.separator)?"));
  CHECK(says(error_of("x,colour\ninf,red\n"), "a finite number", "\"inf\""));
  CHECK(says(error_of("x,colour\n\"1,5\",red\n"), "\"1,5\"", "is the decimal sign ','"));
  CHECK(says(error_of("x,colour\n1\n"), "line 2: expected 2 values, as in the first row, found 1"));
  CHECK(says(error_of("x,colour\n"), "expected a row below the names"));
  CHECK(says(error_of(""), "expected a table"));
}

TEST_CASE("without names columns are known by their places") {
  const Schema schema = schema_of("1,red\n2.5,blue\n");
  CHECK(same(read("3,red\n", schema).values, Matrix<double>{{3}, {0}, {1}, {0}}));
  CHECK(says(error_of("3,red,4\n", schema), "expected 2 columns, found 3"));
}

TEST_CASE("decimal commas, comments, quotes with lines within, and CRLF") {
  const std::string text =
      "\xef\xbb\xbf# a table\r\nx;\"c; \"\"d\"\"\"\r\n1,5;\"two\r\nlines\"\r\n# "
      "more\r\n\r\n-2e3;b\r\n";
  const Schema schema = schema_of(text, {.format = {.decimal = ',', .comment = '#'}});
  CHECK(schema.feature_names()[1] == "c; \"d\"=b");
  CHECK(schema.columns()[1].categories == Texts{"b", "two\r\nlines"});
  const Table table = read(text, schema);
  CHECK(same(table.values, Matrix<double>{{1.5, -2000}, {0, 1}, {1, 0}, {0, 0}}));
  CHECK(table.lines == std::vector<ae::Index>{3, 7});
}

TEST_CASE("times are seconds since 1970, also as numbers where that is told") {
  const Schema schema = schema_of("t,x\n100,1\n200.5,2\n", {.kinds = {{"t", ColumnKind::time}}});
  CHECK(read("t,x\n100,1\n200.5,2\n", schema).times == ae::Vector<double>{{100, 200.5}});
}

TEST_CASE("times come in the format in which they were learnt") {
  const std::string seconds = "x,t\n1,\n2,1700000000\n", dates = "x,t\n1,?\n2,2026-11-28\n";
  const Schema of_seconds = schema_of(seconds, {.kinds = {{"t", ColumnKind::time}}});
  const Schema of_dates = schema_of(dates);
  CHECK(error_of(dates, of_seconds) ==
        "new.csv, line 3, column 2 (\"t\"): expected seconds since 1970, as in the table that was "
        "learnt, found \"2026-11-28\"");
  CHECK(error_of(seconds, of_dates) ==
        "new.csv, line 3, column 2 (\"t\"): expected a date or moment of ISO 8601 "
        "(2026-11-28T10:00:00Z), as in the table that was learnt, found \"1700000000\"");
  // What is not known is told by the first moment of a file.
  const Schema of_neither = schema_of("x,t\n1,?\n", {.kinds = {{"t", ColumnKind::time}}});
  CHECK(read(seconds, of_neither).times[1] == 1.7e9);
  CHECK(read(dates, of_neither).times[1] == 20785 * 86400.0);
  CHECK(says(error_of(dates + "3,5\n", of_neither), "line 4", "as in the rows before", "\"5\""));
  CHECK(says(error_of("x,t\n1,noon\n", of_neither), "ISO 8601, or seconds since 1970", "noon"));
}

TEST_CASE("files larger than what is in memory of them") {
  const TemporaryFolder folder;
  std::string text = "x,c\n";
  constexpr int rows = 60'000;
  for (int i = 0; i < rows; ++i) text += ae::detail::text(i, i % 7 == 0 ? ",\"a\nb\"\n" : ",c\n");
  CHECK(text.size() > (1 << 18));
  put(folder / "large.csv", text);
  const Table table = Table::read(folder / "large.csv");
  REQUIRE(table.samples() == rows);
  CHECK(table.values.row(0) == ae::Vector<double>::LinSpaced(rows, 0, rows - 1).transpose());
  CHECK(table.values.row(1).sum() == (rows + 6) / 7);
  CHECK(says(message_of<ae::FileError>([&] {
               put(folder / "bad.csv", text + "1,\"");
               Table::read(folder / "bad.csv", table.schema);
             }),
             ae::detail::text("line ", 2 + rows + (rows + 6) / 7), "closing quote"));
}

TEST_CASE("lines one by one") {
  TableLines lines(learnt(), "colour,x,when,state", "input");
  ae::Vector<double> x(4);
  CHECK(lines.read("red,1,2026-11-28,ok", x));
  CHECK(x == ae::Vector<double>{{1, 0, 1, 0}});
  CHECK(lines.label() == "ok");
  CHECK(lines.time() == 1795824000);
  CHECK(!lines.read("", x));
  CHECK(lines.read("green,2,,\r", x));
  CHECK(x == ae::Vector<double>{{2, 0, 0, 1}});
  CHECK(lines.label().empty());
  CHECK(std::isnan(lines.time()));
  CHECK(lines.line() == 4);
  CHECK(says(message_of<ae::FileError>([&] { lines.read("red,hot,,", x); }),
             "input, line 5, column 2 (\"x\")", "\"hot\""));
  CHECK(says(message_of<ae::FileError>([&] { lines.read("red", x); }), "input, line 6",
             "expected 4 values, as in the first row, found 1"));
  CHECK(
      says(message_of<ae::FileError>([&] { lines.read("\"red", x); }), "line 7", "closing quote"));
  CHECK(lines.read("red,3,,", x));
  CHECK(x[0] == 3);
  CHECK(lines.line() == 8);
  ae::Vector<double> small(3);
  CHECK(says(message_of<ae::ShapeError>([&] { lines.read("red,3,,", small); }), "4", "3"));
  CHECK(says(message_of<ae::FileError>([&] { TableLines(learnt(), "x"); }), "\"colour\""));
  CHECK(says(message_of<ae::FileError>([&] { TableLines(learnt(), ""); }), "blank"));
}

TEST_CASE("lines without names begin with the first") {
  TableLines lines(schema_of("1;red\n2.5;blue\n"), "3;red");
  ae::Vector<double> x(4);
  CHECK(lines.read("3;red", x));
  CHECK(x == ae::Vector<double>{{3, 0, 1, 0}});
  CHECK(lines.line() == 1);
}

TEST_CASE("lines before the first are counted") {
  ae::Vector<double> x(4);
  TableLines named(learnt(), "\n \ncolour,x,when,state");
  CHECK(named.read("red,1,,", x));
  CHECK(named.line() == 4);
  const std::string first = "\n3;red";
  TableLines unnamed(schema_of("1;red\n2.5;blue\n"), first);
  CHECK(unnamed.read(first, x));
  CHECK(x[0] == 3);
  CHECK(unnamed.line() == 2);
}
