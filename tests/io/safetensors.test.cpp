#include "ae/io/safetensors.hpp"

#include <limits>

#include "ae/core/file.hpp"
#include "support/expect.hpp"
#include "support/files.hpp"

using ae::FileError;
using ae::SafeTensors;
using ae::Tensor;

namespace {

/// A file of this header and these values.
std::string file_of(const std::string& json, const std::string& values = "") {
  const std::uint64_t size = json.size();
  return std::string(reinterpret_cast<const char*>(&size), sizeof size) + json + values;
}

/// A header with one tensor of U8 that is described by these fields.
std::string tensor_with(const std::string& fields) {
  return "{\"w\":{" + fields + "}}";
}

SafeTensors parse(const std::string& bytes) {
  return ae::parse_safetensors(bytes, "file");
}

std::string refusal(const std::string& bytes) {
  return message_of<FileError>([&] { parse(bytes); });
}

/// Two tensors of two bytes each, at these offsets, in a file with `size` bytes of values.
std::string refusal_of_two(const std::string& first, const std::string& second, std::size_t size) {
  return refusal(file_of(R"({"a":{"dtype":"U8","shape":[2],"data_offsets":)" + first +
                             R"(},"b":{"dtype":"U8","shape":[2],"data_offsets":)" + second + "}}",
                         std::string(size, 'x')));
}

const std::string two = R"({"b":{"dtype":"U8","shape":[3],"data_offsets":[4,7]},)"
                        R"("__metadata__":{"format":"pt","":"\u00e9"},)"
                        R"("a":{"data_offsets":[0,4],"shape":[2,1],"dtype":"F16"}})";

SafeTensors three() {
  return {{{"z.wide", {"F64", {1}, "12345678"}},
           {"a.narrow", {"U8", {3}, "abc"}},
           {"b.wide", {"I64", {1, 1}, "abcdefgh"}}},
          {{"epoch", "3"}, {"name", "a \"model\"\n"}}};
}

}  // namespace

TEST_CASE("tensors are found by name, whatever the order of the file") {
  const SafeTensors file = parse(file_of(two, "ABCDefg"));
  CHECK(file.tensors.size() == 2);
  CHECK(file.tensors.at("a") == Tensor{"F16", {2, 1}, "ABCD"});
  CHECK(file.tensors.at("b") == Tensor{"U8", {3}, "efg"});
  CHECK(file.metadata.size() == 2);
  CHECK(file.metadata.at("format") == "pt");
  CHECK(file.metadata.at("") == "\xC3\xA9");
}

TEST_CASE("every type is read") {
  for (const char* name : {"BOOL", "U8",  "I8",   "F8_E5M2", "F8_E4M3", "F8_E8M0", "I16",
                           "U16",  "F16", "BF16", "I32",     "U32",     "F32",     "F64",
                           "I64",  "U64", "C64",  "F4",      "F6_E2M3", "F6_E3M2"}) {
    CAPTURE(name);
    const std::size_t size = *ae::detail::bits_of(name);  // for 8 values
    const std::string values(size, 'v');
    const auto file =
        parse(file_of(ae::detail::text(R"({"w":{"dtype":")", name,
                                       R"(","shape":[2,4],"data_offsets":[0,)", size, "]}}"),
                      values));
    CHECK(file.tensors.at("w") == Tensor{name, {2, 4}, values});
  }
}

TEST_CASE("no tensors, no values, no dimensions and spaces behind the header are read") {
  CHECK(parse(file_of("{}")) == SafeTensors{});
  CHECK(parse(file_of("{}    \n")) == SafeTensors{});
  CHECK(parse(file_of(R"({"__metadata__":{}})")) == SafeTensors{});
  CHECK(parse(file_of(tensor_with(R"("dtype":"F32","shape":[0,5],"data_offsets":[0,0])")))
            .tensors.at("w") == Tensor{"F32", {0, 5}, ""});
  CHECK(parse(file_of(tensor_with(R"("dtype":"F32","shape":[],"data_offsets":[0,4])"), "1234"))
            .tensors.at("w") == Tensor{"F32", {}, "1234"});
}

TEST_CASE("tensors without values may lie anywhere between others") {
  const auto file = parse(file_of(R"({"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},)"
                                  R"("b":{"dtype":"U8","shape":[0],"data_offsets":[2,2]},)"
                                  R"("c":{"dtype":"U8","shape":[0],"data_offsets":[0,0]},)"
                                  R"("":{"dtype":"U8","shape":[1],"data_offsets":[2,3]}})",
                                  "xyz"));
  CHECK(file.tensors.at("a").bytes == "xy");
  CHECK(file.tensors.at("").bytes == "z");
}

TEST_CASE("a file comes back as it was written") {
  const TemporaryFolder folder;
  for (const SafeTensors& file : {three(), SafeTensors{}, SafeTensors{{}, {{"a", "b"}}}}) {
    ae::write_safetensors(file, folder / "file");
    CHECK(ae::read_safetensors(folder / "file") == file);
  }
  CHECK(entries(folder.path()) == 1);
}

TEST_CASE("a file is written in one way: the widest types first, by name, values at 8 bytes") {
  const std::string bytes = ae::safetensors_bytes(three(), "file");
  const std::string json = R"({"__metadata__":{"epoch":"3","name":"a \"model\"\n"},)"
                           R"("b.wide":{"data_offsets":[0,8],"dtype":"I64","shape":[1,1]},)"
                           R"("z.wide":{"data_offsets":[8,16],"dtype":"F64","shape":[1]},)"
                           R"("a.narrow":{"data_offsets":[16,19],"dtype":"U8","shape":[3]}})";
  const std::string padded = json + std::string((8 - json.size() % 8) % 8, ' ');
  CHECK(padded.size() > json.size());
  CHECK(bytes == file_of(padded, "abcdefgh12345678abc"));
  CHECK(ae::safetensors_bytes({}, "file") == file_of("{}      "));
}

TEST_CASE("a matrix goes through a file") {
  const TemporaryFolder folder;
  const ae::Matrix<float> weight = ae::Matrix<float>::Random(4, 3);
  ae::write_safetensors({{{"weight", ae::to_tensor(weight)}}, {}}, folder / "file");
  const SafeTensors file = ae::read_safetensors(folder / "file");
  CHECK((ae::to_matrix<float>(file.tensors.at("weight")) == weight));
}

TEST_CASE("what a reader would refuse is not written, and the old file stays") {
  const TemporaryFolder folder;
  const auto path = folder / "file";
  put(path, "old");
  const auto message = [&](const SafeTensors& file) {
    return message_of<FileError>([&] { ae::write_safetensors(file, path); });
  };
  CHECK(says(message({{{"w", {"F32", {2}, "1234"}}}, {}}), path.string(), "tensor \"w\"",
             "expected 8 bytes", "found 4"));
  CHECK(says(message({{{"w", {"F31", {1}, "1234"}}}, {}}), "tensor \"w\"", "found \"F31\""));
  CHECK(says(message({{{"__metadata__", {"U8", {1}, "1"}}}, {}}), "expected another name"));
  CHECK(says(message({{{"\xFF", {"U8", {1}, "1"}}}, {}}), path.string(), "UTF-8"));
  CHECK(says(message({{}, {{"a", "\xC3"}}}), path.string(), "UTF-8"));
  CHECK(ae::read_file(path) == "old");
  CHECK(says(message_of<FileError>([&] { ae::write_safetensors(three(), folder / "no" / "file"); }),
             (folder / "no" / "file").string(), "cannot be written"));
}

TEST_CASE("a missing file is refused, and any other by its path") {
  const TemporaryFolder folder;
  CHECK(says(message_of<FileError>([&] { ae::read_safetensors(folder / "file"); }),
             (folder / "file").string(), "no such file"));
  put(folder / "file", "abc");
  CHECK(says(message_of<FileError>([&] { ae::read_safetensors(folder / "file"); }),
             (folder / "file").string(), "8 bytes", "found 3"));
}

TEST_CASE("a file cut short anywhere, or with a byte too many, is refused") {
  const std::string bytes = file_of(two, "ABCDefg");
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    CAPTURE(size);
    CHECK(says(refusal(bytes.substr(0, size)), "file", "expected", "found"));
  }
  CHECK(says(refusal(bytes + "x"), "file: expected 7 bytes of values, found 8"));
}

TEST_CASE("a header that is too large or goes past the end is refused") {
  std::string bytes = file_of("{}");
  bytes[0] = 3;
  CHECK(says(refusal(bytes), "file, byte 0", "at most 2 bytes", "found one of 3"));
  bytes[7] = '\x80';
  CHECK(says(refusal(bytes), "byte 0", "at most 100000000", "found one of 9223372036854775811"));
  const std::uint64_t size = 100'000'001;
  std::memcpy(bytes.data(), &size, sizeof size);
  CHECK(says(refusal(bytes), "byte 0", "at most 100000000", "found one of 100000001"));
}

TEST_CASE("a header that does not begin with { is refused") {
  CHECK(says(refusal(file_of("")), "file, byte 8", "begins with {, found \"\""));
  CHECK(says(refusal(file_of(" {}")), "file, byte 8", "begins with {, found \" \""));
  CHECK(says(refusal(file_of("[]")), "file, byte 8", "begins with {, found \"[\""));
  CHECK(says(refusal(file_of("\xEF\xBB\xBF{}")), "file, byte 8", "begins with {"));
}

TEST_CASE("what is not JSON is refused by its byte") {
  CHECK(says(refusal(file_of("{]")), "file, byte 9: expected JSON"));
  CHECK(says(refusal(file_of("{\"a\": tru}")), "file, byte 17: expected JSON"));
  CHECK(says(refusal(file_of("{")), "expected JSON"));
  CHECK(says(refusal(file_of("{}{}")), "file, byte 10: expected JSON"));
  CHECK(says(refusal(file_of("{} // comment")), "file, byte 11: expected JSON"));
  CHECK(says(refusal(file_of("{\"a\":{},}")), "expected"));
}

TEST_CASE("a zero byte does not end a header") {
  CHECK(says(refusal(file_of(std::string("{}\0rest", 7))), "file, byte 10", "a zero byte"));
  CHECK(says(refusal(file_of(std::string("{\"\0\":", 5))), "file, byte 10", "a zero byte"));
}

TEST_CASE("text that is not UTF-8 is refused by its byte") {
  CHECK(says(refusal(file_of("{\"\xFF\":{}}")), "file, byte 10: expected JSON", "UTF-8"));
  CHECK(says(refusal(file_of("{\"\xC3\":{}}")), "expected JSON", "UTF-8"));
  CHECK(says(refusal(file_of("{\"\xED\xA0\x80\":{}}")), "expected JSON", "UTF-8"));  // a surrogate
  CHECK(says(refusal(file_of(R"({"\ud800":{}})")), "expected JSON", "surrogate"));
}

TEST_CASE("a key that comes twice is refused by its place") {
  const std::string w = R"("w":{"dtype":"U8","shape":[1],"data_offsets":[0,1]})";
  CHECK(says(refusal(file_of("{" + w + "," + w + "}", "x")),
             "file, tensor \"w\": expected this key once, found it twice"));
  CHECK(says(refusal(file_of(R"({"w":{"dtype":"U8","dtype":"U8"}})")),
             "file, tensor \"w\", dtype: expected this key once"));
  CHECK(says(refusal(file_of(R"({"w":{"shape":[],"shape":[]}})")), "\"w\", shape", "once"));
  CHECK(says(refusal(file_of(R"({"w":{"data_offsets":[],"data_offsets":[]}})")),
             "\"w\", data_offsets", "once"));
  CHECK(says(refusal(file_of(R"({"__metadata__":{"a":"1","a":"1"}})")),
             "file, __metadata__, a: expected this key once"));
  CHECK(says(refusal(file_of(R"({"__metadata__":{},"__metadata__":{}})")),
             "file, __metadata__: expected this key once"));
  // The same key once it has been read: n is n.
  CHECK(says(refusal(file_of(R"({"__metadata__":{"n":"1","\u006e":"1"}})")), "once"));
}

TEST_CASE("the same key in two tensors is no matter") {
  CHECK(parse(file_of(R"({"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},)"
                      R"("__metadata__":{"a":"1","dtype":"2"},)"
                      R"("dtype":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}})",
                      "xy"))
            .tensors.size() == 2);
}

TEST_CASE("deep nesting is refused where it begins") {
  const std::string deep(1'000'000, '[');
  CHECK(says(refusal(file_of("{\"w\":" + deep)), "file, tensor \"w\": expected an object",
             "found a list"));
  CHECK(says(refusal(file_of("{\"w\":{\"shape\":" + deep)),
             "file, tensor \"w\", shape: expected whole numbers", "found a list"));
  CHECK(says(refusal(file_of(R"({"w":{"shape":{"a":{)")), "\"w\", shape: expected a list",
             "found an object"));
  CHECK(says(refusal(file_of(R"({"w":{"dtype":{"a":{)")), "\"w\", dtype: expected a string",
             "found an object"));
  CHECK(says(refusal(file_of(R"({"__metadata__":{"a":{"b":{)")),
             "file, __metadata__, a: expected a string", "found an object"));
}

TEST_CASE("metadata that is no map of strings is refused") {
  CHECK(says(refusal(file_of(R"({"__metadata__":null})")),
             "file, __metadata__: expected an object of strings, found null"));
  CHECK(says(refusal(file_of(R"({"__metadata__":["a"]})")), "found a list"));
  CHECK(says(refusal(file_of(R"({"__metadata__":"a"})")), "found a string"));
  CHECK(says(refusal(file_of(R"({"__metadata__":{"a":1}})")),
             "file, __metadata__, a: expected a string, found a number"));
  CHECK(says(refusal(file_of(R"({"__metadata__":{"a":true}})")), "found a boolean"));
  CHECK(says(refusal(file_of(R"({"__metadata__":{"a":null}})")), "found null"));
  CHECK(says(refusal(file_of(R"({"__metadata__":{"a":["b"]}})")), "found a list"));
}

TEST_CASE("a tensor that is no object, or lacks a key, or has one too many, is refused") {
  CHECK(says(refusal(file_of(R"({"w":1})")), "tensor \"w\": expected an object, found a number"));
  CHECK(says(refusal(file_of(R"({"w":"F32"})")), "expected an object, found a string"));
  CHECK(says(refusal(file_of(R"({"w":{}})")),
             "file, tensor \"w\": expected dtype, shape and data_offsets, found 0 of the three"));
  CHECK(says(refusal(file_of(R"({"w":{"dtype":"U8","shape":[1]}})")), "found 2 of the three"));
  CHECK(says(refusal(file_of(R"({"w":{"stride":[1]}})")),
             "file, tensor \"w\", stride: expected dtype, shape or data_offsets"));
}

TEST_CASE("shapes and offsets that are no lists of whole numbers are refused") {
  const auto shape = [](const std::string& value) {
    return refusal(file_of("{\"w\":{\"shape\":" + value + "}}"));
  };
  for (const char* value : {"1", "-1", "1.5", "true", "null", "\"1\""}) {
    CHECK(says(shape(value), "file, tensor \"w\", shape: expected a list of whole numbers"));
    CHECK(says(shape(ae::detail::text('[', value == std::string("1") ? "[1]" : value, ']')),
               "file, tensor \"w\", shape: expected whole numbers from 0 on"));
  }
  CHECK(says(shape("[-1]"), "found a negative number"));
  CHECK(says(shape("[-0]"), "found a negative number"));
  CHECK(says(shape("[1.0]"), "found a number with a fraction"));
  CHECK(says(shape("[1e2]"), "found a number with a fraction"));
  CHECK(says(shape("[18446744073709551616]"), "found a number with a fraction or too large"));
  CHECK(says(shape("[1e999]"), "expected JSON", "overflow"));
  CHECK(says(refusal(file_of(R"({"w":{"data_offsets":[0,-1]}})")), "\"w\", data_offsets",
             "a negative number"));
  CHECK(says(refusal(file_of(R"({"w":{"dtype":32}})")), "\"w\", dtype: expected a string",
             "found a number"));
}

TEST_CASE("other than two offsets are refused") {
  for (const auto& [offsets, count] : {std::pair{"[]", 0}, {"[0]", 1}, {"[0,1,2]", 3}}) {
    CHECK(says(refusal(file_of(tensor_with(
                   ae::detail::text(R"("dtype":"U8","shape":[1],"data_offsets":)", offsets)))),
               "file, tensor \"w\"", ae::detail::text("two data_offsets, found ", count)));
  }
}

TEST_CASE("an unknown type is refused") {
  CHECK(
      says(refusal(file_of(tensor_with(R"("dtype":"F128","shape":[1],"data_offsets":[0,1])"), "x")),
           "file, tensor \"w\"", "found \"F128\""));
}

TEST_CASE("offsets out of order or past the end are refused") {
  CHECK(says(refusal_of_two("[2,0]", "[2,4]", 4), "tensor \"a\"", "in order and up to 4",
             "found 2 and 0"));
  CHECK(says(refusal_of_two("[0,2]", "[2,5]", 4), "tensor \"b\"", "up to 4", "found 2 and 5"));
  CHECK(says(refusal_of_two("[0,2]", "[2,18446744073709551615]", 4), "tensor \"b\"", "up to 4",
             "18446744073709551615"));
}

TEST_CASE("tensors that overlap or leave a gap are refused") {
  CHECK(says(refusal_of_two("[0,2]", "[1,3]", 3), "file, tensor \"b\"", "begin at byte 2",
             "found an overlap: byte 1"));
  CHECK(says(refusal_of_two("[0,2]", "[0,2]", 2), "tensor \"b\"", "an overlap"));
  CHECK(
      says(refusal_of_two("[0,2]", "[3,5]", 5), "tensor \"b\"", "begin at byte 2", "found a gap"));
  CHECK(
      says(refusal_of_two("[1,3]", "[3,5]", 5), "tensor \"a\"", "begin at byte 0", "found a gap"));
}

TEST_CASE("values behind the last tensor are refused") {
  CHECK(says(refusal_of_two("[0,2]", "[2,4]", 5), "file: expected 4 bytes of values, found 5"));
  CHECK(says(refusal(file_of("{}", "x")), "file: expected 0 bytes of values, found 1"));
}

TEST_CASE("a shape of another number of bytes is refused") {
  CHECK(says(
      refusal(file_of(tensor_with(R"("dtype":"F32","shape":[2],"data_offsets":[0,4])"), "1234")),
      "file, tensor \"w\": expected 8 bytes of F32 for shape [2], found 4"));
  CHECK(
      says(refusal(file_of(tensor_with(R"("dtype":"F4","shape":[3],"data_offsets":[0,2])"), "12")),
           "expected whole bytes, found 12 bits"));
}

TEST_CASE("a shape beyond 64 bits is refused") {
  for (const char* shape : {"[18446744073709551615,2]", "[4611686018427387904,4]",
                            "[2305843009213693952]", "[4294967296,4294967296,0]"}) {
    CHECK(says(refusal(file_of(tensor_with(ae::detail::text(R"("dtype":"F64","shape":)", shape,
                                                            R"(,"data_offsets":[0,0])")))),
               "file, tensor \"w\"", "64 bits"));
  }
}

TEST_CASE("a name too long for a message is cut") {
  const std::string name(100'000, 'n');
  CHECK(refusal(file_of("{\"" + name + "\":1}")).size() < 300);
  CHECK(refusal(file_of("{\"" + name)).size() < 500);
}

TEST_CASE("a message holds printable characters only") {
  for (const char* json : {"{\"\xFF\":{}}", "{\"\xC3\xA9\":1}", R"({"\u001b":1})"}) {
    const std::string message = refusal(file_of(json));
    CHECK(std::all_of(message.begin(), message.end(), [](char c) { return c >= ' ' && c <= '~'; }));
  }
}

TEST_CASE("the files that a fuzzer begins with are read or refused, as their names say") {
  for (const auto& entry :
       std::filesystem::directory_iterator(AE_TEST_DATA "/../fuzz/corpus/safetensors")) {
    CAPTURE(entry.path().string());
    if (entry.path().filename().string().starts_with("valid")) {
      CHECK_NOTHROW(ae::read_safetensors(entry.path()));
    } else {
      CHECK_THROWS_AS(ae::read_safetensors(entry.path()), FileError);
    }
  }
}
