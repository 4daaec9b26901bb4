#include "ae/data/cifar.hpp"

#include <cstdlib>
#include <optional>

#include "ae/data/scaler.hpp"
#include "support/expect.hpp"
#include "support/files.hpp"

using ae::FileError;
using ae::Index;
using ae::Matrix;
using ae::Pictures;

namespace {

/// Byte number `place` of the planes of picture number `picture`.
int byte_at(int picture, Index place) {
  return static_cast<int>((7 * place + 31 * picture) % 251);
}

/// A record with labels as given and planes as above.
std::string record(std::initializer_list<int> labels, int picture = 0) {
  std::string bytes;
  for (const int label : labels) bytes += static_cast<char>(label);
  for (Index i = 0; i < Pictures::colour_values; ++i)
    bytes += static_cast<char>(byte_at(picture, i));
  return bytes;
}

/// CIFAR-10 records, one for each label, with pictures 0, 1, ...
std::string records(std::initializer_list<int> labels) {
  std::string bytes;
  int picture = 0;
  for (const int label : labels) bytes += record({label}, picture++);
  return bytes;
}

Matrix<double> colour_of(std::initializer_list<int> pictures) {
  Matrix<double> x(Pictures::colour_values, static_cast<Index>(pictures.size()));
  Index col = 0;
  for (const int picture : pictures) {
    for (Index i = 0; i < Pictures::colour_values; ++i) x(i, col) = byte_at(picture, i);
    ++col;
  }
  return x;
}

/// The mean of the red, the green and the blue plane.
Matrix<double> gray_of(std::initializer_list<int> pictures) {
  const Matrix<double> x = colour_of(pictures);
  const Index n = Pictures::pixels;
  return (x.topRows(n) + x.middleRows(n, n) + x.bottomRows(n)) / 3;
}

/// The pictures of a file with these bytes.
Pictures read10(const std::string& bytes) {
  const TemporaryFolder folder;
  put(folder / "file.bin", bytes);
  return ae::cifar10::read(folder / "file.bin");
}

std::string error10(const std::string& bytes) {
  return message_of<FileError>([&] { read10(bytes); });
}

std::string error100(const std::string& bytes) {
  const TemporaryFolder folder;
  put(folder / "file.bin", bytes);
  return message_of<FileError>([&] { ae::cifar100::read(folder / "file.bin"); });
}

/// A CIFAR-10 folder: batch i holds i records of label i, the test batch one of label 0.
void put_cifar10(const TemporaryFolder& folder) {
  for (int i = 1; i <= 5; ++i) {
    std::string bytes;
    for (int k = 0; k < i; ++k) bytes += record({i}, 10 * i + k);
    put(folder / ae::detail::text("data_batch_", i, ".bin"), bytes);
  }
  put(folder / "test_batch.bin", record({0}, 99));
}

std::vector<int> labels(const Pictures& pictures) {
  std::vector<int> all;
  for (Index i = 0; i < pictures.samples(); ++i) all.push_back(pictures.label(i));
  return all;
}

}  // namespace

TEST_CASE("a file of any number of records is read") {
  CHECK(read10(records({7})).samples() == 1);
  CHECK(read10(records({7, 0, 9})).samples() == 3);
}

TEST_CASE("a record's label is its class") {
  CHECK(labels(read10(records({7, 0, 9}))) == std::vector{7, 0, 9});
}

TEST_CASE("in colour a sample is its bytes, plane by plane") {
  const Pictures pictures = read10(records({7, 0}));
  CHECK(pictures.features() == 3072);
  CHECK((pictures.matrix<double>() == colour_of({0, 1})));
  CHECK((pictures.matrix() == colour_of({0, 1}).cast<float>()));
}

TEST_CASE("in grayscale a sample is the mean of its planes") {
  const Pictures gray = read10(records({7, 0})).grayscale();
  CHECK(gray.features() == 1024);
  CHECK((gray.matrix<double>() == gray_of({0, 1})));
  CHECK(gray.matrix().isApprox(gray_of({0, 1}).cast<float>()));
}

TEST_CASE("grayscale is a view and colour comes back") {
  const Pictures pictures = read10(records({7, 0}));
  CHECK((pictures.grayscale().colour().matrix() == pictures.matrix()));
  CHECK(pictures.features() == 3072);
}

TEST_CASE("bytes above 127 are not negative") {
  std::string bytes = record({1});
  bytes.back() = static_cast<char>(255);
  CHECK(read10(bytes).matrix()(3071, 0) == 255);
}

TEST_CASE("the samples of one class stay in order, in gray and in colour") {
  const Pictures horses = read10(records({7, 0, 7, 9, 7})).only(ae::cifar10::horse);
  CHECK(labels(horses) == std::vector{7, 7, 7});
  CHECK((horses.matrix<double>() == colour_of({0, 2, 4})));
  CHECK((horses.grayscale().matrix<double>() == gray_of({0, 2, 4})));
}

TEST_CASE("a selection keeps its grayscale, and may be selected from again") {
  const Pictures gray = read10(records({7, 0, 7})).grayscale();
  CHECK((gray.only(7).only(7).matrix<double>() == gray_of({0, 2})));
  CHECK(gray.only(7).only(0).samples() == 0);
}

TEST_CASE("a selection outlives what it was taken from") {
  std::optional<Pictures> all = read10(records({7, 0, 7}));
  const Pictures horses = all->only(7);
  all.reset();
  CHECK((horses.matrix<double>() == colour_of({0, 2})));
}

TEST_CASE_TEMPLATE("pictures are a source of samples in any scalar type", Scalar, float, double) {
  const Pictures gray = read10(records({7, 0, 7})).grayscale();
  const std::array<Index, 3> picks{2, 0, 2};
  Matrix<Scalar> x(1024, 3);
  gray.read<Scalar>(picks, x);
  CHECK(x.isApprox(gray_of({2, 0, 2}).cast<Scalar>()));
}

TEST_CASE("a folder of CIFAR-10 is its five batches in order, and its test batch") {
  const TemporaryFolder folder;
  put_cifar10(folder);
  const auto [train, test] = ae::cifar10::read_folder(folder.path());
  CHECK(labels(train) == std::vector{1, 2, 2, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 5});
  CHECK((train.only(3).matrix<double>() == colour_of({30, 31, 32})));
  CHECK(labels(test) == std::vector{0});
  CHECK((test.matrix<double>() == colour_of({99})));
}

TEST_CASE("a record of CIFAR-100 has a coarse and a fine label") {
  const TemporaryFolder folder;
  put(folder / "train.bin", record({19, 99}, 0) + record({0, 42}, 1));
  put(folder / "test.bin", record({5, 42}, 2));
  const auto [train, test] = ae::cifar100::read_folder(folder.path());
  CHECK(labels(train) == std::vector{99, 42});
  CHECK(train.coarse_label(0) == 19);
  CHECK(train.coarse_label(1) == 0);
  CHECK((train.only(42).matrix<double>() == colour_of({1})));
  CHECK(test.coarse_label(0) == 5);
  CHECK((test.matrix<double>() == colour_of({2})));
}

TEST_CASE("a missing folder is refused by its path") {
  const TemporaryFolder folder;
  const auto path = folder / "missing";
  const std::string ten = message_of<FileError>([&] { ae::cifar10::read_folder(path); });
  const std::string hundred = message_of<FileError>([&] { ae::cifar100::read_folder(path); });
  CHECK(says(ten, path.string(), "expected a folder", "found nothing"));
  CHECK(says(hundred, path.string(), "expected a folder", "found nothing"));
}

TEST_CASE("a file in the place of the folder is refused") {
  const TemporaryFolder folder;
  put(folder / "file", "content");
  CHECK(says(message_of<FileError>([&] { ae::cifar10::read_folder(folder / "file"); }),
             (folder / "file").string(), "expected a folder", "found something else"));
}

TEST_CASE("a folder that lacks a file is refused by that file's path") {
  for (const char* name : {"data_batch_3.bin", "test_batch.bin"}) {
    const TemporaryFolder folder;
    put_cifar10(folder);
    std::filesystem::remove(folder / name);
    CHECK(says(message_of<FileError>([&] { ae::cifar10::read_folder(folder.path()); }),
               (folder / name).string(), "no such file"));
  }
}

TEST_CASE("a folder in the place of a file is refused") {
  const TemporaryFolder folder;
  put_cifar10(folder);
  std::filesystem::remove(folder / "data_batch_2.bin");
  std::filesystem::create_directory(folder / "data_batch_2.bin");
  CHECK(says(message_of<FileError>([&] { ae::cifar10::read_folder(folder.path()); }),
             (folder / "data_batch_2.bin").string(), "found a folder"));
}

TEST_CASE("an empty file of pictures is refused") {
  CHECK(says(error10(""), "file.bin", "3073", "empty file"));
  CHECK(says(error100(""), "file.bin", "3074", "empty file"));
}

TEST_CASE("a file that ends inside a record is refused with its size and what is left over") {
  const std::string bytes = records({7, 0});
  CHECK(says(error10(bytes + "abcde"), "file.bin", "3073-byte records", "6151 bytes", "2 records",
             "5 bytes left over"));
  CHECK(says(error10(bytes.substr(0, 6145)), "6145 bytes", "1 records", "3072 bytes left over"));
}

TEST_CASE("a file of the other set is refused") {
  CHECK(says(error10(record({1, 2})), "3073-byte records", "1 bytes left over"));
  CHECK(says(error100(record({1})), "3074-byte records", "3073 bytes left over"));
}

TEST_CASE("a label above 9 is refused with its record's number") {
  CHECK(says(error10(records({7, 0, 10})), "file.bin", "record 2", "from 0 to 9", "found 10"));
  CHECK(says(error10(records({255})), "record 0", "found 255"));
}

TEST_CASE("a coarse label above 19 or a fine one above 99 is refused") {
  CHECK(says(error100(record({19, 99}) + record({20, 0})), "record 1", "from 0 to 19", "found 20"));
  CHECK(says(error100(record({0, 100})), "record 0", "from 0 to 99", "found 100"));
}

TEST_CASE("the real set has its horses where they should be") {
  const char* const path = std::getenv("AE_CIFAR10_DIR");
  if (path == nullptr || !std::filesystem::is_directory(path)) {
    MESSAGE("skipped: AE_CIFAR10_DIR names no folder");
    return;
  }
  const auto [train, test] = ae::cifar10::read_folder(path);
  const Pictures train_horses = train.only(ae::cifar10::horse).grayscale();
  CHECK(train_horses.samples() == 5000);
  CHECK(test.only(ae::cifar10::horse).samples() == 1000);
  CHECK(test.label(13) == ae::cifar10::horse);
  // Figures taken elsewhere, on pictures that had gone through JPEG once.
  const auto scaler = ae::Scaler<double>::fit(train_horses);
  CHECK(scaler.center().mean() == doctest::Approx(118.90).epsilon(0.005));
  CHECK(scaler.center()(0) == doctest::Approx(137.51).epsilon(0.005));
  CHECK(scaler.unit() * scaler.unit() == doctest::Approx(3602.9).epsilon(0.005));
}

TEST_CASE("several files are one set, as one file behind the other") {
  const TemporaryFolder folder;
  put(folder / "a.bin", record({7}, 0) + record({0}, 1));
  put(folder / "b.bin", record({9}, 2));
  const ae::Paths files{folder / "b.bin", folder / "a.bin"};
  const Pictures pictures = ae::cifar10::read(files);
  CHECK(labels(pictures) == std::vector{9, 7, 0});
  CHECK((pictures.matrix<double>() == colour_of({2, 0, 1})));
  put(folder / "c.bin", record({19, 99}, 3));
  CHECK(labels(ae::cifar100::read(ae::Paths{folder / "c.bin", folder / "c.bin"})) ==
        std::vector{99, 99});
  CHECK(says(message_of<FileError>([&] {
               ae::cifar10::read(ae::Paths{folder / "a.bin", folder / "c.bin"});
             }),
             (folder / "c.bin").string(), "3073"));
  CHECK(says(message_of<FileError>([] { ae::cifar10::read(ae::Paths{}); }), "at least one file"));
}

TEST_CASE(
    "of the Python version, and of what was not unpacked, the archive is told that is meant") {
  const char* const ten = "cifar-10-binary.tar.gz from https://www.cs.toronto.edu/~kriz/cifar.html";
  const char* const hundred =
      "cifar-100-binary.tar.gz from https://www.cs.toronto.edu/~kriz/cifar.html";
  const auto folder_error = [](const TemporaryFolder& folder) {
    return message_of<FileError>([&] { ae::cifar10::read_folder(folder.path()); });
  };
  {
    const TemporaryFolder python;
    put(python / "data_batch_1", "\x80\x02");
    CHECK(says(folder_error(python), (python / "data_batch_1.bin").string(), ten,
               "found data_batch_1 of the Python version"));
    put(python / "train", "\x80\x02");
    CHECK(says(message_of<FileError>([&] { ae::cifar100::read_folder(python.path()); }), hundred,
               "found train of the Python version"));
  }
  {
    const TemporaryFolder packed;
    put(packed / "cifar-10-binary.tar.gz", "\x1f\x8b");
    CHECK(says(folder_error(packed), ten, "cifar-10-binary.tar.gz, which is to be unpacked"));
    CHECK(says(
        message_of<FileError>([&] { ae::cifar10::read_folder(packed / "cifar-10-binary.tar.gz"); }),
        ten, "found something else"));
  }
  const TemporaryFolder nothing;
  CHECK(says(folder_error(nothing), ten, "no such file", "found none"));

  for (const auto& [begin, kind] : {std::pair{"\x1f\x8b\x08", "gzip"},
                                    {"PK\x03\x04", "zip"},
                                    {"<!DOCTYPE html>", "HTML"},
                                    {"\x80\x02", "Python"}}) {
    CHECK(says(error10(begin + record({1})), "file.bin", ten, kind));
    CHECK(says(error100(begin), "file.bin", hundred, kind));
  }
}

TEST_CASE("a file of pictures can be mapped into memory") {
  const TemporaryFolder folder;
  std::string bytes;
  for (int i = 0; i < 3; ++i) bytes += char(7 + i % 2) + std::string(3072, char(10 * i));
  put(folder / "a.bin", bytes);
  const ae::Pictures read = ae::cifar10::read(folder / "a.bin");
  const ae::Pictures mapped = ae::cifar10::map(folder / "a.bin");
  CHECK((mapped.matrix() == read.matrix()));
  mapped.read_ahead(std::vector<Index>{2});
  CHECK((mapped.only(7).grayscale().matrix() == read.only(7).grayscale().matrix()));
  bytes[3073] = 10;
  put(folder / "b.bin", bytes);
  CHECK(says(message_of<ae::FileError>([&] { ae::cifar10::map(folder / "b.bin"); }), "record 1",
             "found 10"));
  put(folder / "c.bin", bytes.substr(1));
  CHECK_THROWS_AS(ae::cifar10::map(folder / "c.bin"), ae::FileError);
  CHECK_THROWS_AS(ae::cifar100::map(folder / "a.bin"), ae::FileError);
}
