#include "ae/data/schema.hpp"

#include "support/expect.hpp"

using ae::Column;
using ae::ColumnKind;
using ae::Schema;
using ae::SchemaOptions;
using ae::TextFile;
using Texts = std::vector<std::string>;

namespace {

Schema learnt(const std::string& text, const SchemaOptions& options = {}) {
  return Schema::learn(TextFile::of(text, "file.csv"), options);
}

template <class E = ae::FileError>
std::string error_of(const std::string& text, const SchemaOptions& options = {}) {
  return message_of<E>([&] { learnt(text, options); });
}

/// The kinds of the columns, a letter for each.
std::string kinds(const Schema& schema) {
  std::string all;
  for (const Column& column : schema.columns()) {
    all += "nctl-"[static_cast<std::size_t>(column.kind)];
  }
  return all;
}

}  // namespace

TEST_CASE("kinds of columns are found out") {
  const Schema schema = learnt(
      "when,x,colour,state,y\n"
      "2026-11-28,1,red,ok,-1e3\n"
      "2026-11-29T10:00:00Z,?,blue,fault,.5\n"
      ",2.5,,ok,NA\n",
      {.label = "state"});
  CHECK(kinds(schema) == "tncln");
  CHECK(schema.columns()[2].categories == Texts{"blue", "red"});
  CHECK(schema.has_names());
  CHECK(schema.features() == 5);
  CHECK(schema.feature_names() == Texts{"x", "colour=blue", "colour=red", "colour=(other)", "y"});
  CHECK(schema.feature_columns() == Texts{"x", "colour", "y"});
  CHECK(schema.column_of_feature() == std::vector<ae::Index>{0, 1, 1, 1, 2});
}

TEST_CASE("kinds can be told") {
  const std::string text = "a,b,c,d\n1,2,3,x\n4,5,6,y\n";
  const Schema schema = learnt(text, {.ignored = {"d"},
                                      .kinds = {{"a", ColumnKind::time},
                                                {"b", ColumnKind::categorical},
                                                {"c", ColumnKind::numeric}}});
  CHECK(kinds(schema) == "tcn-");
  CHECK(schema.columns()[0].time_format == ae::TimeFormat::seconds);
  CHECK(schema.columns()[1].categories == Texts{"2", "5"});
  CHECK(schema.columns()[3].note.empty());
  CHECK(says(error_of(text, {.kinds = {{"d", ColumnKind::numeric}}}), "file.csv, column 4 (\"d\")",
             "expected numbers", "0 of 2", "\"x\" in line 2"));
  CHECK(says(error_of(text, {.kinds = {{"d", ColumnKind::time}}}), "(\"d\")",
             "dates or seconds since 1970", "\"x\" in line 2"));
  CHECK(says(error_of("t\n1\n2026-01-01\n", {.kinds = {{"t", ColumnKind::time}}}),
             "a number in line 2", "a date in line 3"));
}

TEST_CASE("options for columns that are not there, or that contradict each other, are refused") {
  const std::string text = "a,b\n1,0\n";
  for (const SchemaOptions& options : {SchemaOptions{.label = "c"}, SchemaOptions{.ignored = {"c"}},
                                       SchemaOptions{.kinds = {{"c", ColumnKind::numeric}}}}) {
    CHECK(says(error_of<ae::OptionError>(text, options), "file.csv", "\"a\", \"b\"", "\"c\""));
  }
  CHECK(says(error_of<ae::OptionError>(text, {.label = "b", .ignored = {"b"}}),
             "one kind for the column \"b\""));
  CHECK(says(error_of<ae::OptionError>("c,a,b\n1,0,0\n",
                                       {.label = "a", .kinds = {{"b", ColumnKind::label}}}),
             "at most one column of labels"));
  CHECK(says(error_of<ae::OptionError>(text, {.most_categories = 0}), "at least one category"));
  CHECK(says(error_of<ae::OptionError>(text, {.format = {.separator = ':'}}), "separator"));
  CHECK(says(error_of<ae::OptionError>(text, {.format = {.decimal = ';'}}), "decimal sign"));
  CHECK(says(error_of<ae::OptionError>(text, {.format = {.separator = ',', .decimal = ','}}),
             "both"));
  CHECK(says(error_of<ae::OptionError>(text, {.format = {.comment = '"'}}), "comment mark"));
}

TEST_CASE("what cannot be used is left out, and says why") {
  const Schema schema = learnt(
      ",x,none,t,u,id\n"
      "0,1,,2026-01-01,2026-01-02,a\n"
      "1,2,?,2026-01-02,2026-01-03,b\n"
      "2,3,NA,2026-01-03,2026-01-04,c\n",
      {.most_categories = 2});
  CHECK(kinds(schema) == "-n-t--");
  CHECK(schema.columns()[0].note == "it has no name");
  CHECK(schema.columns()[2].note == "it has no value");
  CHECK(schema.columns()[4].note == "the times are those of \"t\"");
  CHECK(schema.columns()[5].note == "it has more than 2 different texts");
  CHECK(says(error_of("a,b\n,\n"), "expected a numeric or categorical column, found none"));
}

TEST_CASE("of a column that is told to be categorical the most frequent texts are kept") {
  const Schema schema = learnt("a\nx\ny\nz\nz\ny\nz\n",
                               {.kinds = {{"a", ColumnKind::categorical}}, .most_categories = 2});
  CHECK(schema.columns()[0].categories == Texts{"y", "z"});
}

TEST_CASE("a column in which most are numbers, and not all, is asked about") {
  const std::string text = "a,b\n1,x\n2,x\n# 3,x\n4,x\n";
  CHECK(says(error_of(text), "file.csv, column 1 (\"a\")", "3 of 4 values", "\"# 3\" in line 4",
             ".missing_marks", ".kinds"));
  CHECK(kinds(learnt(text, {.format = {.comment = '#'}})) == "nc");
  CHECK(kinds(learnt(text, {.format = {.missing_marks = {"# 3"}}})) == "nc");
  CHECK(kinds(learnt("a\n1\n2\nx\ny\n")) == "c");  // no more than half
}

TEST_CASE("numbers of another decimal sign are asked about") {
  const std::string text = "a;b\n1,5;2\n2;3,25\n2,5;1\n";
  CHECK(says(error_of(text), "(\"a\")", "\"1,5\" in line 2", "is the decimal sign ','"));
  CHECK(kinds(learnt(text, {.format = {.decimal = ','}})) == "nn");
  CHECK(says(error_of("a;b\n1.5;2\n2.5;3\n", {.format = {.decimal = ','}}),
             "is the decimal sign '.'"));
}

TEST_CASE("separators are found") {
  for (const char* text :
       {"a,b\n1,2\n", "a;b\n1;2\n", "a\tb\n1\t2\n", "a|b\n1|2\n", "a,\"b;c\"\n1,2\n",
        "a;\"b,c\"\r\n1;2\r\n", "# a;b;c\n\na,b\n1,2\n", "a;b\n1;2"}) {
    CAPTURE(std::string(text));
    CHECK(kinds(learnt(text, {.format = {.comment = '#'}})) == "nn");
  }
  CHECK(kinds(learnt("a;b\n1,5;2\n1;2\n", {.format = {.decimal = ','}})) == "nn");
  CHECK(learnt("a,b\n1,2\n",
               {.kinds = {{"a,b", ColumnKind::categorical}}, .format = {.separator = ';'}})
            .columns()
            .size() == 1);
  CHECK(says(error_of("a,b,c\n1,2\n3,4,5\n"),
             "line 2: expected 3 values, as in the first row, found 2"));
}

TEST_CASE("names are those of the first line, or places") {
  CHECK(learnt(" a , \"b\"\n1,2\n").feature_names() == Texts{"a", "b"});
  const Schema without = learnt("1,red\n2.5,blue\n");
  CHECK(!without.has_names());
  CHECK(without.columns()[1].name == "column 2");
  CHECK(learnt("name,2019\nx,5\n", {.header = ae::csv::Header::present}).has_names());
  CHECK(learnt("2019,2020\n1.5,2\n", {.header = ae::csv::Header::present}).feature_names() ==
        Texts{"2019", "2020"});
  CHECK(learnt("id,2019\n7,5\n").has_names());  // a text above a number
  CHECK(!learnt("red,1.5\nblue,2\n").has_names());
  CHECK(!learnt("1,2\n3,4\n").has_names());
  CHECK(!learnt("2026-01-01,1\n2026-01-02,2\n").has_names());
}

TEST_CASE("a first line that may be names or values is asked about") {
  for (const char* text : {"2019,2020\n1.5,2\n", "name,2019,2020\nx,5,6\n", "0,1,2\n.5,.5,.5\n"}) {
    CAPTURE(std::string(text));
    CHECK(says(error_of(text), "file.csv, line 1", ".header", "Header::present"));
    CHECK(!learnt(text, {.header = ae::csv::Header::absent}).has_names());
  }
}

TEST_CASE("names that come twice, or are not UTF-8, are refused") {
  CHECK(says(error_of("a,b,a\n1,2,3\n"), "\"a\" in the columns 1 and 3"));
  CHECK(says(error_of("a,\xe4\n1,2\n"), "column 2", "UTF-8", "LATIN1"));
  CHECK(says(error_of("a\nx\n\xe4\n"), "(\"a\"), line 3", "UTF-8"));
  CHECK(learnt("a,\xc3\xa4\n1,2\n").feature_names()[1] == "\xc3\xa4");
}

TEST_CASE("labels say what is normal") {
  const std::string text = "x,y\n1,A\n2,B\n3,A\n";
  CHECK(says(error_of(text, {.label = "y"}), "(\"y\")", "some are normal's", "\"A\", \"B\""));
  const Schema schema = learnt(text, {.label = "y", .format = {.normal_labels = {"A"}}});
  CHECK(schema.is_normal("A"));
  CHECK(!schema.is_normal("a"));
  CHECK(!schema.is_normal("0"));
  const Schema usual = learnt("x,y\n1,0\n", {.label = "y"});
  for (const char* label : {"0", "0.0", "Normal", "BENIGN", "ok", "no", " False "}) {
    CHECK(usual.is_normal(label));
  }
  for (const char* label : {"1", "-1", "attack", "", "yes"}) CHECK(!usual.is_normal(label));
  CHECK(learnt("x,y\n1,1\n2,-1\n", {.label = "y", .format = {.normal_labels = {"1.0"}}})
            .is_normal("1"));
}

TEST_CASE("marks of missing values") {
  CHECK(kinds(learnt("a\n1\n\"\"\nNA\nN/A\nnan\nNaN\nnull\nNULL\n?\n")) == "n");
  CHECK(kinds(learnt("a\n1\nnone\nNA\n", {.format = {.missing_marks = {"none"}}})) == "n");
  CHECK(learnt("c\nNA\nDE\n", {.format = {.usual_marks = false}}).columns()[0].categories ==
        Texts{"DE", "NA"});
}

TEST_CASE("texts that are no tables are refused") {
  CHECK(says(error_of(""), "file.csv: expected a table, found no row"));
  CHECK(says(error_of("a,b\n"), "expected a row below the names"));
  CHECK(says(error_of("a,b\n1,\"2\n"), "line 2, column 2", "closing quote"));
  using namespace std::string_literals;
  CHECK(says(error_of("\xff\xfe"s + "a\0,\0b\0"s), "UTF-8", "UTF-16", "iconv"));
  CHECK(says(error_of("\xfe\xff\0a"s), "UTF-16"));
  CHECK(says(error_of("a\0,\0"s), "zero byte after 1 others"));
  CHECK(says(error_of("\x1f\x8b..."), "gzip", "ae::gzip::file"));
  CHECK(says(error_of("PK\x03\x04..."), "zip", ".xlsx"));
  CHECK(says(error_of("a,b\r1,2\r"), "only CR"));
  CHECK(says(message_of<ae::FileError>([] { Schema::learn("no/such.csv"); }), "no such file"));
}

TEST_CASE("shares of features are summed by columns, and values have texts") {
  const Schema schema = learnt("x,c\n1,red\n2,blue\n");
  ae::Matrix<double> x(4, 3);
  x << 1, 2.5, NAN, 0.1, 0, NAN, 0.7, 0, NAN, 0.2, 1, NAN;
  const ae::Matrix<double> sums = schema.column_sums(x.leftCols(2));
  CHECK(sums.isApprox(ae::Matrix<double>{{1, 2.5}, {1, 1}}));
  CHECK(schema.value_text(x.col(1), 0) == "2.5");
  CHECK(schema.value_text(x.col(0), 1) == "red");
  CHECK(schema.value_text(x.col(1), 1) == "(other)");
  CHECK(schema.value_text(x.col(2), 0) == "(missing)");
  CHECK(schema.value_text(x.col(2), 1) == "(missing)");
  CHECK(says(message_of<ae::ShapeError>([&] { schema.value_text(x.col(0), 2); }), "column"));
  CHECK(says(message_of<ae::ShapeError>([&] { schema.column_sums(x.topRows(3)); }), "4 values"));
}

TEST_CASE("a schema by hand is checked") {
  const auto refused = [](std::vector<Column> columns) {
    return message_of<ae::OptionError>([&] { Schema(columns, true, {}); });
  };
  CHECK(says(refused({{"a"}, {"a"}}), "\"a\" twice"));
  CHECK(says(refused({{""}, {"", ColumnKind::numeric}}), "twice"));
  CHECK(says(refused({{"a", ColumnKind::categorical, {"y", "x"}}}), "sorted categories"));
  CHECK(says(refused({{"a", ColumnKind::time}}), "found none"));
  CHECK(says(refused({{"a"}, {"b", ColumnKind::time}, {"c", ColumnKind::time}}), "at most one"));
  CHECK(Schema({{"a"}}, true, {}) == Schema({{"a"}}, true, {}));
  CHECK(Schema({{"a"}}, true, {}) != Schema({{"b"}}, true, {}));
}
