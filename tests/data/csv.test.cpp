#include "ae/data/csv.hpp"

#include <locale>

#include "ae/detail/data/source.hpp"
#include "support/expect.hpp"
#include "support/files.hpp"

using ae::FileError;
using ae::Matrix;
using ae::csv::Header;
using ae::csv::Options;
using ae::csv::parse;
using Names = std::vector<std::string>;

namespace {

/// Two samples of three features.
Matrix<float> two_samples() {
  Matrix<float> x(3, 2);
  x << 1, 4, 2, 5, 3, 6;
  return x;
}

std::string error_of(std::string_view text, const Options& options = {}) {
  return message_of<FileError>([&] { parse(text, options, "file.csv"); });
}

}  // namespace

TEST_CASE("a line is a sample, and so a column") {
  const auto table = parse("1,2,3\n4,5,6\n");
  CHECK((table.values == two_samples()));
  CHECK(table.columns.empty());
  CHECK(ae::detail::as_source(table.values).samples() == 2);
}

TEST_CASE("the last line may lack its end, and lines may end in CRLF") {
  for (const char* text : {"1,2,3\n4,5,6", "1,2,3\r\n4,5,6\r\n", "1,2,3\r\n4,5,6\r",
                           "\n1,2,3\n\n4,5,6\n\n", "1,2,3\n \t\n4,5,6",
                           "\xef\xbb\xbf"
                           "1,2,3\n4,5,6\n"}) {
    CAPTURE(text);
    CHECK((parse(text).values == two_samples()));
  }
}

TEST_CASE("values may stand between semicolons or tabs") {
  CHECK((parse("1;2;3\n4;5;6\n", {.separator = ';'}).values == two_samples()));
  CHECK((parse("1\t2\t3\n4\t5\t6\n", {.separator = '\t'}).values == two_samples()));
}

TEST_CASE("decimal commas, where they are told") {
  const Options options{.separator = ';', .decimal = ','};
  CHECK((parse<double>("1,5;-2;3e-1;,5\n", options).values ==
         Matrix<double>{{1.5}, {-2}, {0.3}, {0.5}}));
  CHECK(says(error_of("1,5;2.5\n", options), "column 2", "\"2.5\"", "is the decimal sign '.'"));
  for (const char* bad : {"1.234,5", "1,2,3", ","}) {
    CHECK(says(error_of(ae::detail::text("0;0\n", bad, ";1\n"), options), "line 2, column 1"));
  }
  CHECK(says(message_of<ae::OptionError>([] { parse("1\n", {.decimal = '\''}); }), "decimal sign"));
  CHECK(says(message_of<ae::OptionError>([] { parse("1\n", {.decimal = ','}); }), "for both"));
}

TEST_CASE("a separator or decimal sign that was not told is hinted at") {
  CHECK(says(error_of("a;b\n1,5;2,5\n"), "expected 1 value, as in the first row, found 3",
             "is the separator a semicolon (.separator = ';')?"));
  CHECK(says(error_of("0\n1;2\n"), "found \"1;2\"", "a semicolon"));
  CHECK(says(error_of("0\n1\t2\n"), "a tab (.separator = '\\t')"));
  CHECK(says(error_of("0\n1|2\n"), "a bar"));
  CHECK(says(error_of("1,5;2\n", {.separator = ';'}), "is the decimal sign ','"));
  CHECK(error_of("1;x\n", {.separator = ';'}).ends_with("found \"x\""));
}

TEST_CASE("a column's name is told beside its number") {
  CHECK(says(error_of("a,\xc3\xa4\n1,x\n"), "line 2, column 2 (\"\xc3\xa4\"): expected a number"));
  CHECK(says(error_of("a,b\n1,\xe4\n"), "found \"?\""));
}

TEST_CASE("whole numbers that rise above others may be names") {
  for (const char* text : {"2019,2020\n1.5,2\n", "0,1,2\n1,2,.5\n"}) {
    CAPTURE(std::string(text));
    CHECK(says(error_of(text), "file.csv, line 1", ".header", "Header::present"));
    CHECK(parse(text, {.header = Header::absent}).values.cols() == 2);
    CHECK(parse(text, {.header = Header::present}).values.cols() == 1);
  }
  for (const char* text : {"2019,2020\n1,2\n", "2,1\n.5,.5\n", "1.5,2\n2,.5\n", "1\n.5\n"}) {
    CHECK(parse(text).values.cols() == 2);
  }
}

TEST_CASE("bytes that are no text are named") {
  using namespace std::string_literals;
  CHECK(
      says(error_of("\xff\xfe"s + "1\0,\0002\0"s), "file.csv", "text in UTF-8", "UTF-16", "iconv"));
  CHECK(says(error_of("\xfe\xff\0001\0,"s), "UTF-16"));
  CHECK(says(error_of("1\0,\0002\0"s), "a zero byte after 1 others"));
  CHECK(says(error_of("\x1f\x8b\x08"), "gzip", "ae/data/gzip.hpp"));
  CHECK(says(error_of("PK\x03\x04"), "zip", ".xlsx"));
  CHECK(says(error_of("1,2\r3,4\r"), "only CR"));
}

TEST_CASE("a file that is longer than a piece of it, and a row that is") {
  std::string text;
  constexpr int rows = 100'000;
  for (int i = 0; i < rows; ++i) text += ae::detail::text(i, ",\"", i, "\"\r\n");
  const auto table = parse<double>(text);
  REQUIRE(table.values.cols() == rows);
  CHECK(table.values.row(0) == ae::Vector<double>::LinSpaced(rows, 0, rows - 1).transpose());
  CHECK(table.values.row(0) == table.values.row(1));
  std::string wide = "0";
  for (int i = 1; i < rows; ++i) wide += ae::detail::text(',', i);
  CHECK(parse<double>(wide + '\n' + wide).values.col(1) == table.values.row(0).transpose());
}

TEST_CASE("another separator is refused") {
  for (const char separator : {'.', '"', '\n', '1'}) {
    CHECK(says(message_of<ae::OptionError>([&] { parse("1\n", {.separator = separator}); }),
               "expected a comma, a semicolon or a tab"));
  }
}

TEST_CASE("a line without a number names the columns") {
  const auto table = parse("a, b,\"c \"\"d\"\", e\"\n1,2,3\n4,5,6\n");
  CHECK(table.columns == Names{"a", " b", "c \"d\", e"});
  CHECK((table.values == two_samples()));
}

TEST_CASE("a header can be asked for and ruled out") {
  const auto table = parse("7,8,9\n1,2,3\n4,5,6\n", {.header = Header::present});
  CHECK(table.columns == Names{"7", "8", "9"});
  CHECK((table.values == two_samples()));
  CHECK(says(error_of("a,b\n1,2\n", {.header = Header::absent}), "file.csv", "line 1, column 1",
             "expected a number, found \"a\""));
}

TEST_CASE("a first line with a number in it is no header") {
  CHECK(says(error_of("a,1\n2,3\n"), "line 1, column 1", "found \"a\""));
  CHECK(says(error_of("1,a\n2,3\n"), "line 1, column 2", "found \"a\""));
  CHECK(says(error_of(",\n2,3\n"), "line 1, column 1", "found nothing"));
}

TEST_CASE("numbers come in every form, with blanks around them and in quotes") {
  Matrix<double> expected(10, 1);
  expected << 1.5, -2, 3, .5, 5, 1000, .02, 7, 8, 9;
  CHECK((parse<double>("1.5,-2,+3,.5,5.,1e3,2E-2,\" 7 \",\t8 , 9\n").values == expected));
  CHECK((parse<double>("0.1\n").values(0) == 0.1));
  CHECK((parse<float>("0.1\n").values(0) == 0.1f));
  CHECK((parse<float>("16777217\n-1e-60\n").values == Matrix<float>{{16777216.0f, 0.0f}}));
}

TEST_CASE("what is no number is refused with its place") {
  const std::string rows = "x,y,z\n1,2,3\n\n1,2,3\n1,2,3\n\n";
  CHECK(says(error_of(rows + "1,2,abc\n"), "file.csv, line 7, column 3",
             "expected a number, found \"abc\""));
  for (const char* bad :
       {"1.5x", "1 2", "--1", "+-1", "0x10", "1e", "1,5", "\"1\" 2\"", "e5", "+"}) {
    CAPTURE(bad);
    CHECK(says(error_of(ae::detail::text("1;2\n3;", bad, '\n'), {.separator = ';'}),
               "line 2, column 2"));
  }
}

TEST_CASE("a number that is not finite, or that the type cannot hold, is refused") {
  for (const char* bad : {"nan", "inf", "-inf", "1e999", "1e39", "1e-999"}) {
    CAPTURE(bad);
    CHECK(says(error_of(ae::detail::text("1,2\n", bad, ",4\n")), "line 2, column 1",
               "finite number of 32 bits", bad));
  }
  CHECK((parse<double>("1e39\n").values(0) == 1e39));
}

TEST_CASE("a missing value is refused with its place") {
  CHECK(says(error_of("1,2,3\n4,,6\n"), "line 2, column 2", "expected a number, found nothing"));
  CHECK(says(error_of("1,2,3\n4,5,\n"), "line 2, column 3", "found nothing"));
  CHECK(says(error_of("1,2,3\n4,5,"), "line 2, column 3", "found nothing"));
  CHECK(says(error_of("1,2,3\n \"\" ,5,6\n"), "line 2, column 1"));
}

TEST_CASE("rows of different lengths are refused with their line") {
  CHECK(says(error_of("1,2,3\n4,5\n"),
             "file.csv, line 2: expected 3 values, as in the first row, found 2"));
  CHECK(says(error_of("1,2,3\n4,5,6,7\n"),
             "line 2: expected 3 values, as in the first row, found 4"));
  CHECK(says(error_of("a,b\n4,5,6\n"), "line 2: expected 2 values, as in the first row, found 3"));
}

TEST_CASE("lines within quotes are counted") {
  const auto table = parse("\"two\nlines\",b\n1,2\n");
  CHECK(table.columns == Names{"two\nlines", "b"});
  CHECK(says(error_of("\"two\nlines\",b\n1,2\n3,c\n"), "line 4, column 2", "found \"c\""));
}

TEST_CASE("a quote that is not closed, or that more follows, is refused") {
  CHECK(says(error_of("1,2\n3,\"4\n5,6\n"), "line 2, column 2", "expected a closing quote"));
  CHECK(says(error_of("1,2\n\"3\"4,5\n"), "line 2, column 1", "closing quote", "found \"4\""));
  CHECK(says(error_of("\""), "line 1, column 1", "expected a closing quote"));
}

TEST_CASE("quotes within quotes are doubled") {
  CHECK(parse("\"\"\"\",\"\"\"a\",\"b\"\"\",\"c\"\"\"\"d\"\n1,2,3,4\n").columns ==
        Names{"\"", "\"a", "b\"", "c\"\"d"});
}

TEST_CASE("a text without numbers is refused") {
  for (const char* text : {"", "\n\n", "a,b\n", "\xef\xbb\xbf"}) {
    CHECK(says(error_of(text), "file.csv", "expected a line of numbers, found none"));
  }
}

TEST_CASE("the locale changes nothing") {
  struct Comma : std::numpunct<char> {
    char do_decimal_point() const override { return ','; }
  };
  const std::locale before = std::locale::global(std::locale(std::locale::classic(), new Comma));
  CHECK((parse<double>("1.5\n").values(0) == 1.5));
  CHECK(says(error_of("1.5,2\n3,\"4,5\"\n"), "line 2, column 2", "found \"4,5\""));
  std::locale::global(before);
}

TEST_CASE("a file is read, and named where it is wrong") {
  const TemporaryFolder folder;
  put(folder / "good.csv", "a,b,c\n1,2,3\n4,5,6\n");
  CHECK((ae::csv::read(folder / "good.csv").values == two_samples()));
  put(folder / "bad.csv", "a,b,c\n1,2,3\n4,x,6\n");
  CHECK(says(message_of<FileError>([&] { ae::csv::read(folder / "bad.csv"); }),
             (folder / "bad.csv").string() + ", line 3, column 2"));
  CHECK(says(message_of<FileError>([&] { ae::csv::read(folder / "none.csv"); }), "no such file"));
}

TEST_CASE("several files are one table, of the same columns") {
  const TemporaryFolder folder;
  put(folder / "a", "x,y\n1,2\n3,4\n");
  put(folder / "b", "x,y\n5,6\n");
  const auto table = ae::csv::read(ae::Paths{folder / "b", folder / "a"});
  CHECK(table.columns == std::vector<std::string>{"x", "y"});
  CHECK(table.values == ae::Matrix<float>{{5, 1, 3}, {6, 2, 4}});
  put(folder / "names", "x,z\n5,6\n");
  put(folder / "wide", "x,y,z\n5,6,7\n");
  for (const char* other : {"names", "wide"}) {
    CHECK(says(message_of<ae::FileError>([&] {
                 ae::csv::read(ae::Paths{folder / "a", folder / other});
               }),
               (folder / other).string(), (folder / "a").string(), "the same names"));
  }
}
