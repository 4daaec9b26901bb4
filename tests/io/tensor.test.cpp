#include "ae/io/tensor.hpp"

#include <cmath>
#include <limits>

#include "support/expect.hpp"

using ae::FileError;
using ae::Index;
using ae::Matrix;
using ae::Tensor;
using ae::to_matrix;
using ae::to_tensor;

namespace {

constexpr std::uint64_t most = std::numeric_limits<std::uint64_t>::max();

/// The bytes of values, as a little-endian file holds them.
template <class T>
std::string bytes_of(std::initializer_list<T> values) {
  return {reinterpret_cast<const char*>(values.begin()), values.size() * sizeof(T)};
}

std::string refusal(const Tensor& tensor) {
  return message_of<FileError>([&] { to_matrix<float>(tensor, "file, tensor \"w\""); });
}

const Matrix<double> two_by_three = (Matrix<double>(2, 3) << 1, 2, 3, 4, 5, 6).finished();

}  // namespace

TEST_CASE("a matrix is kept row by row, in its own type") {
  CHECK(to_tensor(two_by_three) == Tensor{"F64", {2, 3}, bytes_of<double>({1, 2, 3, 4, 5, 6})});
  CHECK(to_tensor(two_by_three.cast<float>()) ==
        Tensor{"F32", {2, 3}, bytes_of<float>({1, 2, 3, 4, 5, 6})});
  CHECK(to_tensor(two_by_three.transpose()) ==
        Tensor{"F64", {3, 2}, bytes_of<double>({1, 4, 2, 5, 3, 6})});
  // 1 and 2 in the two formats of 16 bits.
  CHECK(to_tensor(two_by_three.leftCols(2).topRows(1).cast<Eigen::half>()) ==
        Tensor{"F16", {1, 2}, bytes_of<std::uint16_t>({0x3C00, 0x4000})});
  CHECK(to_tensor(two_by_three.leftCols(2).topRows(1).cast<Eigen::bfloat16>()) ==
        Tensor{"BF16", {1, 2}, bytes_of<std::uint16_t>({0x3F80, 0x4000})});
}

TEST_CASE("what is a vector by its type has one dimension, and a matrix of one column two") {
  const ae::Vector<float> vector = two_by_three.col(0).cast<float>();
  CHECK(to_tensor(vector) == Tensor{"F32", {2}, bytes_of<float>({1, 4})});
  CHECK(to_tensor(Matrix<float>(vector)) == Tensor{"F32", {2, 1}, bytes_of<float>({1, 4})});
}

TEST_CASE_TEMPLATE("a matrix comes back bit by bit", Scalar, float, double, Eigen::half,
                   Eigen::bfloat16) {
  const Matrix<Scalar> matrix = Matrix<double>::Random(5, 7).cast<Scalar>();
  CHECK((to_matrix<Scalar>(to_tensor(matrix)) == matrix));
  CHECK((to_matrix<double>(to_tensor(matrix)) == matrix.template cast<double>()));
}

TEST_CASE("no values are a matrix without rows or columns") {
  const Matrix<float> none = to_matrix<float>({"F32", {0, 3}, ""});
  CHECK(none.rows() == 0);
  CHECK(none.cols() == 3);
  CHECK(to_tensor(none) == Tensor{"F32", {0, 3}, ""});
}

TEST_CASE("a side without end of a matrix without values takes no time") {
  constexpr Index most = Index{1} << (sizeof(Index) == 8 ? 60 : 28);
  constexpr auto endless = static_cast<std::uint64_t>(most);
  CHECK(to_matrix<float>({"F64", {endless, 0}, ""}).rows() == most);
  CHECK(to_matrix<float>({"F64", {0, endless}, ""}).cols() == most);
  CHECK(to_tensor(Matrix<float>(most, 0)) == Tensor{"F32", {endless, 0}, ""});
}

TEST_CASE("one dimension is a column, and none a single number") {
  CHECK((to_matrix<double>({"F32", {3}, bytes_of<float>({1, 2, 3})}) == Eigen::Vector3d(1, 2, 3)));
  CHECK(
      (to_matrix<double>({"F64", {}, bytes_of<double>({7})}) == Matrix<double>::Constant(1, 1, 7)));
}

TEST_CASE("values are converted to the type that is asked for") {
  CHECK((to_matrix<float>(to_tensor(two_by_three)) == two_by_three.cast<float>()));
  CHECK((to_matrix<double>(to_tensor(two_by_three.cast<float>())) == two_by_three));
  // The largest, the smallest, infinity, and not a number, in 16 bits.
  const auto half =
      to_matrix<float>({"F16", {4}, bytes_of<std::uint16_t>({0x7BFF, 0x0001, 0xFC00, 0x7E00})});
  CHECK(half(0) == 65504.0F);
  CHECK(half(1) == std::ldexp(1.0F, -24));
  CHECK(half(2) == -std::numeric_limits<float>::infinity());
  CHECK(std::isnan(half(3)));
}

TEST_CASE("every type of the format has its size") {
  using ae::detail::bits_of;
  for (const char* name :
       {"BOOL", "U8", "I8", "F8_E5M2", "F8_E4M3", "F8_E8M0", "F8_E4M3FNUZ", "F8_E5M2FNUZ"}) {
    CHECK(bits_of(name) == 8);
  }
  for (const char* name : {"I16", "U16", "F16", "BF16"}) CHECK(bits_of(name) == 16);
  for (const char* name : {"I32", "U32", "F32"}) CHECK(bits_of(name) == 32);
  for (const char* name : {"I64", "U64", "F64", "C64"}) CHECK(bits_of(name) == 64);
  CHECK(bits_of("F4") == 4);
  for (const char* name : {"F6_E2M3", "F6_E3M2"}) CHECK(bits_of(name) == 6);
  for (const char* name : {"", "f32", "F32 ", "F128"}) CHECK_FALSE(bits_of(name).has_value());
}

TEST_CASE("a tensor that is no matrix of floating point is refused by its place") {
  CHECK(says(refusal({"I32", {1}, "abcd"}), "file, tensor \"w\": expected F64, F32, BF16 or F16",
             "found I32"));
  CHECK(says(refusal({"F32", {1, 1, 1}, "abcd"}), "file, tensor \"w\"",
             "expected the shape of a matrix", "found [1, 1, 1]"));
  CHECK(says(refusal({"F32", {0, most / 2 + 1}, ""}), "expected the shape of a matrix",
             "found [0, 9223372036854775808]"));
}

TEST_CASE("a tensor of the wrong number of bytes is refused with both numbers") {
  CHECK(says(refusal({"F32", {2, 3}, "abcd"}), "file, tensor \"w\": expected 24 bytes of F32",
             "[2, 3]", "found 4"));
  CHECK(says(refusal({"F32", {}, ""}), "expected 4 bytes", "shape []", "found 0"));
}

TEST_CASE("an unknown type, a size beyond 64 bits, and half a byte are refused") {
  CHECK(says(refusal({"F33", {1}, "abcd"}), "file, tensor \"w\"", "expected a type such as F32",
             "found \"F33\""));
  CHECK(says(refusal({"F32", {most, 2}, ""}), "64 bits", "[18446744073709551615, 2]"));
  CHECK(says(refusal({"F32", {most / 4}, ""}), "64 bits"));
  CHECK(says(refusal({"F4", {3}, "ab"}), "expected whole bytes", "found 12 bits of F4"));
}
