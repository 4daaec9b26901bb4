#include "ae/data/npy.hpp"

#include <algorithm>
#include <limits>
#include <vector>

#include "ae/core/concepts.hpp"
#include "ae/detail/data/source.hpp"
#include "support/expect.hpp"
#include "support/files.hpp"

using ae::ByteSource;
using ae::FileError;
using ae::Index;
using ae::Matrix;

static_assert(ae::Source<ByteSource>);

namespace {

/// The bytes of values, as a little-endian file holds them; each turned around for a big-endian
/// one.
template <class T>
std::string bytes_of(const std::vector<T>& values, bool big_endian = false) {
  std::string bytes(reinterpret_cast<const char*>(values.data()), values.size() * sizeof(T));
  if (big_endian) {
    for (auto at = bytes.begin(); at != bytes.end(); at += sizeof(T)) {
      std::reverse(at, at + sizeof(T));
    }
  }
  return bytes;
}

/// A file of this version, header and values.
std::string file_of(int version, const std::string& header, const std::string& values) {
  std::string bytes = std::string("\x93NUMPY") + static_cast<char>(version) + '\0';
  for (int i = 0; i < (version == 1 ? 2 : 4); ++i) {
    bytes += static_cast<char>(header.size() >> (8 * i) & 255);
  }
  return bytes + header + values;
}

std::string header_of(const std::string& descr, const std::string& shape, bool fortran = false) {
  return ae::detail::text("{'descr': '", descr, "', 'fortran_order': ", fortran ? "True" : "False",
                          ", 'shape': ", shape, ", }   \n");
}

ByteSource parse(const std::string& bytes) {
  return ae::npy::parse(bytes, "file");
}

std::string refusal(const std::string& bytes) {
  return message_of<FileError>([&] { parse(bytes); });
}

/// What is said of a header in front of four bytes.
std::string refusal_of_header(const std::string& header) {
  return refusal(file_of(1, header, "abcd"));
}

std::string refusal_of_shape(const std::string& shape, const std::string& values = "") {
  return refusal(file_of(1, header_of("<f4", shape), values));
}

/// Two samples of three features: rows in Python, columns here.
const Matrix<double> two_samples = (Matrix<double>(3, 2) << 1, 4, 2, 5, 3, 6).finished();

template <class T>
std::string c_order(bool big_endian = false) {
  return bytes_of<T>({1, 2, 3, 4, 5, 6}, big_endian);
}

template <class T>
std::string fortran_order(bool big_endian = false) {
  return bytes_of<T>({1, 4, 2, 5, 3, 6}, big_endian);
}

/// 1 to 6, as IEEE's half precision has them.
std::string half_order(bool big_endian) {
  return bytes_of<std::uint16_t>({0x3C00, 0x4000, 0x4200, 0x4400, 0x4500, 0x4600}, big_endian);
}

}  // namespace

TEST_CASE("rows are samples, in every type, order and version") {
  for (const int version : {1, 2, 3}) {
    CAPTURE(version);
    const auto matrix = [&](const char* descr, bool fortran, const std::string& values) {
      const ByteSource array = parse(file_of(version, header_of(descr, "(2, 3)", fortran), values));
      CHECK(array.features() == 3);
      CHECK(array.samples() == 2);
      CHECK((array.matrix<float>() == two_samples.cast<float>()));
      return array.matrix<double>();
    };
    CHECK((matrix("|u1", false, c_order<std::uint8_t>()) == two_samples));
    CHECK((matrix("|u1", true, fortran_order<std::uint8_t>()) == two_samples));
    CHECK((matrix("|i1", true, fortran_order<std::int8_t>()) == two_samples));
    CHECK((matrix("|b1", false, bytes_of<std::uint8_t>({1, 2, 3, 4, 5, 6})) == two_samples));
    for (const bool big : {false, true}) {
      CHECK((matrix(big ? ">u2" : "<u2", false, c_order<std::uint16_t>(big)) == two_samples));
      CHECK((matrix(big ? ">u4" : "<u4", true, fortran_order<std::uint32_t>(big)) == two_samples));
      CHECK((matrix(big ? ">u8" : "<u8", false, c_order<std::uint64_t>(big)) == two_samples));
      CHECK((matrix(big ? ">i8" : "<i8", true, fortran_order<std::int64_t>(big)) == two_samples));
      CHECK((matrix(big ? ">f2" : "<f2", false, half_order(big)) == two_samples));
      CHECK((matrix(big ? ">i2" : "<i2", false, c_order<std::int16_t>(big)) == two_samples));
      CHECK((matrix(big ? ">i4" : "<i4", true, fortran_order<std::int32_t>(big)) == two_samples));
      CHECK((matrix(big ? ">f4" : "<f4", false, c_order<float>(big)) == two_samples));
      CHECK((matrix(big ? ">f4" : "<f4", true, fortran_order<float>(big)) == two_samples));
      CHECK((matrix(big ? ">f8" : "<f8", false, c_order<double>(big)) == two_samples));
      CHECK((matrix(big ? ">f8" : "<f8", true, fortran_order<double>(big)) == two_samples));
    }
  }
}

TEST_CASE("one dimension is one sample, in either order") {
  for (const bool fortran : {false, true}) {
    const ByteSource array =
        parse(file_of(1, header_of("<f4", "(3,)", fortran), bytes_of<float>({1, 2, 3})));
    CHECK(array.features() == 3);
    CHECK(array.samples() == 1);
    CHECK((array.matrix<double>() == two_samples.leftCols(1)));
  }
}

TEST_CASE("bytes are 0 to 255, and values keep every bit") {
  const ByteSource bytes =
      parse(file_of(1, header_of("|u1", "(4,)"), "\x7F\x80\xFF" + std::string(1, 0)));
  CHECK((bytes.matrix<float>() == Eigen::Vector4f(127, 128, 255, 0)));
  const std::vector<double> values{0.1, -0.0, std::numeric_limits<double>::denorm_min(),
                                   std::numeric_limits<double>::infinity()};
  for (const bool big : {false, true}) {
    const Matrix<double> x =
        parse(file_of(1, header_of(big ? ">f8" : "<f8", "(4,)"), bytes_of(values, big)))
            .matrix<double>();
    CHECK(bytes_of(std::vector<double>(x.data(), x.data() + 4)) == bytes_of(values));
  }
}

TEST_CASE("a header may be spaced, quoted and ordered in any way that Python reads") {
  for (const char* header :
       {"{'shape':(2,3),'descr':'|u1','fortran_order':False}\n",
        "{\"fortran_order\" : False , \"shape\" : ( 2 , 3 , ) ,\"descr\":\t'|u1' , } \n",
        "  {\n'descr': '|u1',\n 'fortran_order': False, 'shape': (2, 3)}\n\n"}) {
    CHECK((parse(file_of(1, header, c_order<std::uint8_t>())).matrix<double>() == two_samples));
  }
}

TEST_CASE("values may begin at any byte") {
  for (int spaces = 0; spaces < 8; ++spaces) {
    const std::string header =
        std::string(static_cast<std::size_t>(spaces), ' ') + header_of("<f8", "(2, 3)");
    CHECK((parse(file_of(1, header, c_order<double>())).matrix<double>() == two_samples));
  }
}

TEST_CASE("picked samples are read in the order of the picks, by copies that share the bytes") {
  const ByteSource array = [] {
    const ByteSource first =
        parse(file_of(1, header_of("|u1", "(3, 2)"), bytes_of<std::uint8_t>({1, 2, 3, 4, 5, 6})));
    return ByteSource(first);
  }();
  const std::vector<Index> picks{2, 0, 2};
  Matrix<float> x(2, 3);
  array.read<float>(picks, x);
  CHECK((x == (Matrix<float>(2, 3) << 5, 1, 5, 6, 2, 6).finished()));
}

TEST_CASE("an array is a source: chunks of it are its matrix") {
  const Matrix<float> x = Matrix<float>::Random(3, 300);
  const ByteSource array = parse(ae::npy::file_of(x));
  Matrix<double> seen(3, 300);
  ae::detail::for_each_chunk<double>(
      array, [&](const auto& chunk, Index first) { seen.middleCols(first, chunk.cols()) = chunk; });
  CHECK((seen == x.cast<double>()));
}

TEST_CASE("no samples are an empty matrix") {
  const ByteSource array = parse(file_of(1, header_of("<f4", "(0, 5)"), ""));
  CHECK(array.samples() == 0);
  CHECK(array.features() == 5);
  CHECK(array.matrix().cols() == 0);
}

TEST_CASE_TEMPLATE("a matrix comes back bit by bit", Scalar, float, double, std::uint8_t) {
  const TemporaryFolder folder;
  const Matrix<Scalar> x = (Matrix<double>::Random(7, 4) * 200).cwiseAbs().template cast<Scalar>();
  ae::npy::write(x, folder / "x.npy");
  CHECK((ae::npy::read(folder / "x.npy").matrix<Scalar>() == x));
  CHECK(entries(folder.path()) == 1);
}

TEST_CASE("a matrix is written as its samples, one behind the other, from a multiple of 64 on") {
  const std::string bytes = ae::npy::file_of(two_samples.cast<float>().eval());
  const std::string header = "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }";
  CHECK(bytes ==
        file_of(1, header + std::string(128 - 11 - header.size(), ' ') + '\n', c_order<float>()));
  CHECK(bytes.size() == 128 + 24);
  const auto begins = [](const std::string& file, const char* text) {
    return file.substr(10).starts_with(text);
  };
  CHECK(begins(ae::npy::file_of(two_samples),
               "{'descr': '<f8', 'fortran_order': False, 'shape': (2, 3), }"));
  CHECK(begins(ae::npy::file_of(Matrix<std::uint8_t>(3, 1)),
               "{'descr': '|u1', 'fortran_order': False, 'shape': (1, 3), }"));
  CHECK(begins(ae::npy::file_of(ae::Vector<float>(3)),
               "{'descr': '<f4', 'fortran_order': False, 'shape': (3,), }"));
}

TEST_CASE("headers of any length end at a multiple of 64") {
  for (std::int64_t samples = 1; samples < 2'000'000'000; samples *= 10) {
    const auto some = static_cast<Index>(std::min<std::int64_t>(samples, 1000));
    const std::string bytes = ae::npy::file_of(Matrix<float>(0, some));
    CHECK(bytes.size() % 64 == 0);
    CHECK(bytes.back() == '\n');
  }
}

TEST_CASE("a block and an expression are written as what they are") {
  const Matrix<double> x = Matrix<double>::Random(6, 5);
  CHECK((parse(ae::npy::file_of(x.block(1, 2, 3, 2))).matrix<double>() == x.block(1, 2, 3, 2)));
  CHECK((parse(ae::npy::file_of(x.transpose())).matrix<double>() == x.transpose()));
  CHECK((parse(ae::npy::file_of(x + x)).matrix<double>() == 2 * x));
}

TEST_CASE("a missing file and a missing folder are refused") {
  const TemporaryFolder folder;
  CHECK(says(message_of<FileError>([&] { ae::npy::read(folder / "x.npy"); }),
             (folder / "x.npy").string(), "no such file"));
  CHECK(says(message_of<FileError>([&] { ae::npy::write(two_samples, folder / "no" / "x.npy"); }),
             (folder / "no" / "x.npy").string(), "cannot be written"));
  put(folder / "x.npy", "P5");
  CHECK(says(message_of<FileError>([&] { ae::npy::read(folder / "x.npy"); }),
             (folder / "x.npy").string(), "byte 0: expected the mark of an array"));
}

TEST_CASE("a file cut short anywhere, or with a byte too many, is refused") {
  for (const int version : {1, 2}) {
    const std::string bytes = file_of(version, header_of("<f4", "(2, 3)"), c_order<float>());
    for (std::size_t size = 0; size < bytes.size(); ++size) {
      CAPTURE(size);
      CHECK(says(refusal(bytes.substr(0, size)), "file", "expected"));
    }
    CHECK(
        says(refusal(bytes + "x"), "file: expected 24 bytes of values for shape [2, 3], found 25"));
  }
}

TEST_CASE("another mark or version is refused") {
  std::string bytes = file_of(1, header_of("<f4", "(1,)"), "abcd");
  bytes[6] = 4;
  CHECK(says(refusal(bytes), "file, byte 6: expected version 1.0, 2.0 or 3.0, found 4.0"));
  bytes[6] = 0;
  CHECK(says(refusal(bytes), "found 0.0"));
  bytes[6] = 1;
  bytes[7] = '\xFF';
  CHECK(says(refusal(bytes), "found 1.255"));
  bytes[0] = 'N';
  CHECK(says(refusal(bytes), "file, byte 0: expected the mark of an array"));
  CHECK(says(refusal(""), "byte 0"));
}

TEST_CASE("a header past the end of the file is refused") {
  const std::string bytes = file_of(1, "{}\n", "");
  CHECK(says(refusal(bytes.substr(0, 12)), "file, byte 8: expected a header of at most 2 bytes",
             "found one of 3"));
  CHECK(says(refusal(std::string("\x93NUMPY\x02\0\xFF\xFF\xFF\xFF{}\n", 15)), "at most 3 bytes",
             "found one of 4294967295"));
  CHECK(says(refusal(std::string("\x93NUMPY\x02\0\1\0", 10)), "at least 12 bytes", "found 10"));
}

TEST_CASE("a header that does not end with a line end is refused") {
  std::string header = header_of("<f4", "(1,)");
  header.back() = ' ';
  CHECK(says(refusal_of_header(header), "file, byte ", "ends with a line end"));
  CHECK(says(refusal_of_header(""), "ends with a line end"));
}

TEST_CASE("a dictionary that lacks a key, or has one twice or too many, is refused by its byte") {
  CHECK(says(refusal_of_header("{'descr': '<f4', 'fortran_order': False}\n"), "file, byte 50",
             "expected 'shape' before the end"));
  CHECK(says(refusal_of_header("{'descr': '<f4', 'shape': (1,)}\n"), "'fortran_order' before"));
  CHECK(says(refusal_of_header("{}\n"), "file, byte 12", "'descr' before"));
  CHECK(says(refusal_of_header("{'shape': (1,), 'shape': (1,)}\n"), "file, byte 33",
             "'shape' only once"));
  CHECK(says(refusal_of_header("{'descr': '<f4', 'descr': '<f4'}\n"), "'descr' only once"));
  CHECK(says(refusal_of_header("{'fortran_order': True, 'fortran_order': True}\n"), "only once"));
  CHECK(says(refusal_of_header("{'align': True}\n"), "file, byte 18",
             "expected descr, fortran_order or shape", "found \": True"));
}

TEST_CASE("what is no dictionary is refused by its byte") {
  CHECK(says(refusal_of_header("\n"), "file, byte 11: expected {"));
  CHECK(says(refusal_of_header("[]\n"), "file, byte 10: expected {, found \"[]"));
  CHECK(says(refusal_of_header("{\n"), "file, byte 12: expected a text in quotes"));
  CHECK(says(refusal_of_header("{,}\n"), "file, byte 11: expected a text in quotes"));
  CHECK(says(refusal_of_header("{'descr\n"), "file, byte 11: expected a closing quote"));
  CHECK(says(refusal_of_header("{'descr' '<f4'}\n"), "file, byte 19: expected :"));
  CHECK(says(refusal_of_header("{'descr': '<f4' 'shape': (1,)}\n"), "file, byte 26",
             "expected a comma or }"));
  CHECK(says(refusal_of_header("{'descr': <f4}\n"), "file, byte 20", "a text in quotes"));
  CHECK(says(refusal_of_header("{'fortran_order': 0}\n"), "file, byte 28", "True or False"));
  std::string behind = header_of("<f4", "(1,)");
  behind.replace(behind.size() - 2, 2, "x\n");
  CHECK(says(refusal_of_header(behind), "expected nothing behind the dictionary", "found \"x"));
  behind.replace(behind.size() - 2, 1, 1, '\0');
  CHECK(says(refusal_of_header(behind), "expected nothing behind the dictionary"));
}

TEST_CASE("objects, structures and other types are refused") {
  for (const char* descr : {"|O", "<i3", "|u4", "<b1", "|f2", "<c8", "<U4", "<u1", "<i1", "|f4",
                            "=f4", "f4", "", "<f16", "|V8"}) {
    CHECK(says(refusal_of_header(header_of(descr, "(1,)")), "file: expected a descr of",
               ae::detail::text("found '", descr, '\'')));
  }
  CHECK(
      says(refusal_of_header("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,)}\n"),
           "file, byte 20: expected a text in quotes", "[('a', '<f4')]"));
}

TEST_CASE("what is no tuple of whole numbers is refused by its byte") {
  const std::string front = "file, byte 60: expected ";  // of the value
  CHECK(says(refusal_of_shape("1"), front + "("));
  CHECK(says(refusal_of_shape("[1]"), front + "("));
  CHECK(says(refusal_of_shape("(1)"), "file, byte 62: expected a comma"));
  CHECK(says(refusal_of_shape("(1 2)"), "file, byte 63: expected a comma"));
  CHECK(says(refusal_of_shape("(1, 2 3)"), "expected a comma"));
  CHECK(says(refusal_of_shape("(-1,)"), "file, byte 61: expected a whole number from 0 on"));
  CHECK(says(refusal_of_shape("(1.5,)"), "expected a comma"));
  CHECK(says(refusal_of_shape("(1L,)"), "expected a comma"));
  CHECK(says(refusal_of_shape("(,)"), "expected a whole number"));
  CHECK(says(refusal_of_shape("(1,,)"), "expected a whole number"));
  CHECK(says(refusal_of_shape("(None,)"), "expected a whole number"));
  CHECK(says(refusal_of_shape("(18446744073709551616,)"), "a number of at most 64 bits"));
  CHECK(says(refusal_of_shape("(99999999999999999999999,)"), "a number of at most 64 bits"));
}

TEST_CASE("a shape without a dimension is refused") {
  CHECK(says(refusal_of_shape("()", "abcd"), "file", "a dimension or more", "found []"));
}

TEST_CASE("of more dimensions all but the first are features, the last running fastest") {
  std::vector<float> values(2 * 3 * 4);
  for (const bool fortran : {false, true}) {
    for (Index a = 0; a < 2; ++a) {
      for (Index b = 0; b < 3; ++b) {
        for (Index c = 0; c < 4; ++c) {
          const Index at = fortran ? a + 2 * (b + 3 * c) : (a * 3 + b) * 4 + c;
          values[static_cast<std::size_t>(at)] = static_cast<float>(100 * a + 10 * b + c);
        }
      }
    }
    const ByteSource array =
        parse(file_of(1, header_of("<f4", "(2, 3, 4)", fortran), bytes_of(values)));
    CHECK(array.features() == 12);
    CHECK(array.samples() == 2);
    const Matrix<float> x = array.matrix<float>();
    CHECK(x(0, 0) == 0);
    CHECK(x(5, 0) == 11);
    CHECK(x(11, 1) == 123);
    CHECK(x(4, 1) == 110);
  }
  CHECK(says(refusal_of_shape("(2, 3, 0)"), "at least one value a sample", "[2, 3, 0]"));
  CHECK(says(refusal_of_shape("(0, 4294967296, 4294967296)"), "63 bits"));
  CHECK(says(refusal_of_shape("(2, 1, 3)", "abcd"), "expected 24 bytes", "found 4"));
}

TEST_CASE("samples without values are refused") {
  CHECK(says(refusal_of_shape("(5, 0)"), "at least one value a sample", "[5, 0]"));
  CHECK(says(refusal_of_shape("(0,)"), "at least one value a sample", "[0]"));
}

TEST_CASE("a shape of another number of bytes is refused with both") {
  CHECK(says(refusal_of_shape("(2, 3)", "abcd"), "file: expected 24 bytes", "[2, 3]", "found 4"));
  CHECK(says(refusal_of_shape("(0, 3)", "abcd"), "expected 0 bytes", "found 4"));
}

TEST_CASE("a shape that cannot be counted is refused") {
  for (const char* shape :
       {"(18446744073709551615, 2)", "(4611686018427387904, 1)", "(4294967296, 4294967296)",
        "(0, 18446744073709551615)", "(0, 9223372036854775808)", "(0, 1152921504606846976)",
        "(9223372036854775808,)"}) {
    CHECK(says(refusal_of_shape(shape), "file", "63 bits"));
  }
}

TEST_CASE("the files that a fuzzer begins with are read or refused, as their names say") {
  for (const auto& entry :
       std::filesystem::directory_iterator(AE_TEST_DATA "/../fuzz/corpus/npy")) {
    CAPTURE(entry.path().string());
    const std::string name = entry.path().filename().string();
    const bool endless = name == "valid-rows-without-end" && sizeof(Index) < 8;  // 2^50 of them
    if (name.starts_with("valid") && !endless) {
      CHECK_NOTHROW(ae::npy::read(entry.path()).matrix());
    } else {
      CHECK_THROWS_AS(ae::npy::read(entry.path()), FileError);
    }
  }
}

TEST_CASE("several files are one set") {
  const TemporaryFolder folder;
  ae::npy::write(two_samples, folder / "a.npy");
  ae::npy::write(Matrix<double>(2 * two_samples), folder / "b.npy");
  const auto all = ae::npy::read(ae::Paths{folder / "b.npy", folder / "a.npy", folder / "b.npy"});
  Matrix<double> expected(two_samples.rows(), 6);
  expected << 2 * two_samples, two_samples, 2 * two_samples;
  CHECK((all.matrix<double>() == expected));
  ae::npy::write(two_samples.cast<float>(), folder / "float.npy");
  ae::npy::write(Matrix<double>::Zero(2, 2), folder / "low.npy");
  const auto refused = [&](const char* other) {
    return message_of<FileError>([&] {
      ae::npy::read(ae::Paths{folder / "a.npy", folder / other});
    });
  };
  CHECK(says(refused("float.npy"), (folder / "float.npy").string(), "the same type as in"));
  CHECK(says(refused("low.npy"), "samples of 3 values as in", "found 2"));
}

TEST_CASE("a file can be mapped into memory and stay on the disk") {
  const TemporaryFolder folder;
  ae::npy::write(two_samples, folder / "a.npy");
  const ByteSource mapped = ae::npy::map(folder / "a.npy");
  CHECK((mapped.matrix<double>() == two_samples));
  const ByteSource copy = mapped;
  std::filesystem::remove(folder / "a.npy");
  copy.read_ahead(std::vector<Index>{1, 0});
  CHECK((copy.matrix<double>() == two_samples));
  put(folder / "none.npy", "");
  CHECK_THROWS_AS(ae::npy::map(folder / "none.npy"), FileError);
  CHECK(says(message_of<FileError>([&] { ae::npy::map(folder / "missing.npy"); }), "missing.npy",
             "no such file"));
  CHECK(says(message_of<FileError>([&] { ae::npy::map(folder / "."); }), "found a folder"));
  CHECK(says(message_of<FileError>(
                 [] { ae::npy::map(AE_TEST_DATA "/../fuzz/corpus/npy/valid-f8-fortran"); }),
             "expected an array in C order to map it, found Fortran order"));
}
