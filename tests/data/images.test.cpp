#include "ae/data/images.hpp"

#include "support/expect.hpp"
#include "support/files.hpp"

using ae::FileError;
using ae::Index;
using ae::Matrix;
using ae::images::Colour;
using ae::images::read_folder;

static_assert(ae::Source<ae::images::Images>);

namespace {

std::string pgm(Index width, Index height, const std::string& pixels) {
  return ae::detail::text("P5\n", width, ' ', height, "\n255\n", pixels);
}

/// Two pixels beside each other: (1, 2, 3) and (200, 201, 255).
const std::string colour_ppm = "P6\n2 1\n255\n\1\2\3\xc8\xc9\xff";

/// The same two pixels, opaque and half transparent, as a PNG with alpha.
const unsigned char colour_png[] = {
    0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0x00, 0x00, 0x00, 0x0d, 0x49, 0x48, 0x44,
    0x52, 0x00, 0x00, 0x00, 0x02, 0x00, 0x00, 0x00, 0x01, 0x08, 0x06, 0x00, 0x00, 0x00, 0xf4,
    0x22, 0x7f, 0x8a, 0x00, 0x00, 0x00, 0x11, 0x49, 0x44, 0x41, 0x54, 0x78, 0xda, 0x63, 0x60,
    0x64, 0x62, 0xfe, 0x7f, 0xe2, 0xe4, 0xff, 0x06, 0x00, 0x0d, 0x25, 0x04, 0x16, 0x91, 0x2c,
    0xb7, 0x49, 0x00, 0x00, 0x00, 0x00, 0x49, 0x45, 0x4e, 0x44, 0xae, 0x42, 0x60, 0x82};

std::string error_of(const std::filesystem::path& folder) {
  return message_of<FileError>([&] { read_folder(folder); });
}

}  // namespace

TEST_CASE("a PPM or PGM of 16 bits is refused by its path") {
  const TemporaryFolder folder;
  put(folder / "a.pgm", "P5\n2 1\n65535\n" + std::string(4, 'x'));
  for (const Colour colour : {Colour::grayscale, Colour::rgb}) {
    CHECK(says(message_of<ae::FileError>([&] { ae::images::read_folder(folder.path(), colour); }),
               (folder / "a.pgm").string(), "8 bits", "16"));
  }
}

TEST_CASE("the pictures of a folder are samples in the order of their names") {
  const TemporaryFolder folder;
  put(folder / "b.pgm", pgm(3, 2, "\4\5\6\7\x8\xff"));
  put(folder / "c.PGM", "P5 # a comment\n#\n3 2\t255\n\1\1\1\1\1\1");
  put(folder / "a.pgm", pgm(3, 2, "abcdef"));
  put(folder / "notes.txt", "no picture");
  std::filesystem::create_directory(folder / "inside");
  const auto images = read_folder(folder.path());
  CHECK(images.width == 3);
  CHECK(images.height == 2);
  CHECK(images.channels == 1);
  CHECK(images.features() == 6);
  CHECK(images.samples() == 3);
  REQUIRE(images.files.size() == 3);
  CHECK(images.files[1] == folder / "b.pgm");
  Matrix<float> expected(6, 3);
  expected << 'a', 4, 1, 'b', 5, 1, 'c', 6, 1, 'd', 7, 1, 'e', 8, 1, 'f', 255, 1;
  CHECK((images.matrix() == expected));
}

TEST_CASE("in colour a sample is its red, then its green, then its blue") {
  const TemporaryFolder folder;
  put(folder / "a.ppm", colour_ppm);
  put(folder / "b.png", {std::begin(colour_png), std::end(colour_png)});
  put(folder / "c.pgm", pgm(2, 1, "\7\x8"));
  const auto images = read_folder(folder.path(), Colour::rgb);
  CHECK(images.channels == 3);
  Matrix<float> expected(6, 3);
  expected << 1, 1, 7, 200, 200, 8, 2, 2, 7, 201, 201, 8, 3, 3, 7, 255, 255, 8;
  CHECK((images.matrix() == expected));
}

TEST_CASE("in grayscale a colour weighs as bright as it looks") {
  const TemporaryFolder folder;
  put(folder / "a.ppm", "P6\n4 1\n255\n" + std::string("\xff\0\0\0\xff\0\0\0\xff\xff\xff\xff", 12));
  const Matrix<float> x = read_folder(folder.path()).matrix();
  const Matrix<float> luma{{0.299f * 255}, {0.587f * 255}, {0.114f * 255}, {255}};
  CHECK((x - luma).cwiseAbs().maxCoeff() < 1.1f);
}

TEST_CASE("a picture of another size is refused with both sizes") {
  const TemporaryFolder folder;
  put(folder / "a.pgm", pgm(3, 2, "abcdef"));
  put(folder / "b.pgm", pgm(2, 3, "abcdef"));
  CHECK(says(error_of(folder.path()), (folder / "b.pgm").string(), "expected 3 x 2 pixels",
             (folder / "a.pgm").string(), "found 2 x 3"));
}

TEST_CASE("a file that is no picture, or only half of one, is refused by its path") {
  for (const std::string& bytes :
       {std::string(), std::string("no picture"), std::string("P5\n100 100\n255\nabc"),
        pgm(3, 2, "abcde"), std::string("P5 # 3 4\n# a\n3 2 255\nabcde"),
        std::string(std::begin(colour_png), std::end(colour_png) - 30)}) {
    const TemporaryFolder folder;
    put(folder / "a.png", bytes);
    CHECK(says(error_of(folder.path()), (folder / "a.png").string(), "expected a picture"));
  }
}

TEST_CASE("a folder without pictures, and what is no folder, is refused") {
  const TemporaryFolder folder;
  put(folder / "notes.txt", "no picture");
  CHECK(says(error_of(folder.path()), folder.path().string(), "*.png", "found none"));
  CHECK(says(error_of(folder / "notes.txt"), (folder / "notes.txt").string(), "folder"));
  CHECK(says(error_of(folder / "missing"), (folder / "missing").string(), "No such file"));
}

TEST_CASE("files are read one, or several in the order that is given") {
  const TemporaryFolder folder;
  put(folder / "a.pgm", pgm(2, 1, "ab"));
  put(folder / "b", pgm(2, 1, "cd"));
  const auto one = ae::images::read(folder / "b");
  CHECK(one.samples() == 1);
  CHECK((one.matrix() == Matrix<float>{{'c'}, {'d'}}));
  const ae::Paths files{folder / "b", folder / "a.pgm", folder / "b"};
  const auto several = ae::images::read(files);
  CHECK((several.matrix() == Matrix<float>{{'c', 'a', 'c'}, {'d', 'b', 'd'}}));
  CHECK(several.files == files);
  CHECK(ae::images::read(files, Colour::rgb).features() == 6);
  CHECK(says(message_of<FileError>([] { ae::images::read(ae::Paths{}); }), "at least one file"));
  CHECK(says(message_of<FileError>([&] { ae::images::read(folder / "c"); }),
             (folder / "c").string(), "no such file"));
}
