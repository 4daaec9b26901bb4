#include "ae/detail/io/named_tensors.hpp"

#include "support/expect.hpp"

using ae::Matrix;
using ae::detail::NamedTensors;
using ae::detail::NumberView;
using ae::detail::tensor_view;

namespace {

const std::string where = "file";

ae::SafeTensors file_of(const std::string& name, const Matrix<double>& matrix) {
  ae::SafeTensors file;
  file.tensors[name] = ae::to_tensor(matrix);
  return file;
}

/// What reading a number from these values as a column says.
template <class Number>
std::string refusal(const Matrix<double>& column) {
  const ae::SafeTensors file = file_of("n", column);
  Number number{};
  return message_of<ae::FileError>(
      [&] { NamedTensors(file, where).read(NumberView("n", number)); });
}

template <class Number>
bool comes_back(Number number) {
  ae::SafeTensors file;
  file.tensors["n"] = ae::detail::to_tensor(NumberView("n", number));
  Number read{};
  NamedTensors(file, where).read(NumberView("n", read));
  return read == number;
}

}  // namespace

TEST_CASE("a number comes back as it was, to the last of its bits") {
  CHECK(comes_back(ae::Index{0}));
  CHECK(comes_back(ae::Index{1} << 53));
  CHECK(comes_back(std::uint64_t{0x123456789abcdef1}));
  CHECK(comes_back(~std::uint64_t{0}));
  CHECK(comes_back(0.1));
  CHECK(comes_back(-HUGE_VAL));
  CHECK(comes_back(true));
}

TEST_CASE("what is no such number is refused, with the place") {
  const auto one = [](double value) -> Matrix<double> {
    return Matrix<double>::Constant(1, 1, value);
  };
  for (const double value : {-1.0, 0.5, 0x1p54, HUGE_VAL, std::nan("")}) {
    CHECK(says(refusal<ae::Index>(one(value)), "file, tensor \"n\"", "a whole number from 0 to"));
  }
  CHECK(says(refusal<bool>(one(2)), "from 0 to 1, found 2"));
  CHECK(says(refusal<double>(Matrix<double>::Zero(2, 1)), "expected F64 [1, 1], found F64 [2, 1]"));
  CHECK(says(refusal<std::uint64_t>(one(1)), "expected F64 [2, 1], found F64 [1, 1]"));
  CHECK(says(refusal<std::uint64_t>(Eigen::Vector2d(0, 0x1p32)), "from 0 to"));
}

TEST_CASE("a tensor is asked for by name, type and shape") {
  const Matrix<double> ones = Matrix<double>::Random(3, 2);
  const ae::SafeTensors file = file_of("a", ones);
  NamedTensors tensors(file, where);
  CHECK((tensors.has("a") && !tensors.has("b")));
  const auto refusal_of = [&](const char* name, auto matrix) {
    using Scalar = typename decltype(matrix)::Scalar;
    return message_of<ae::FileError>([&] { tensors.read(tensor_view<Scalar>(name, matrix)); });
  };
  CHECK(says(refusal_of("b", ones), "file, tensor \"b\": expected this tensor, found none"));
  CHECK(says(refusal_of("a", Matrix<float>(3, 2)), "expected F32 [3, 2], found F64 [3, 2]"));
  CHECK(says(refusal_of("a", Matrix<double>(2, 3)), "expected F64 [2, 3], found F64 [3, 2]"));
  Matrix<double> read(3, 2);
  tensors.read(tensor_view<double>("a", read));
  CHECK(read == ones);
}

TEST_CASE("rows are as many as the file has, and as wide as they should be") {
  const Matrix<double> values = Matrix<double>::Random(3, 2);
  const ae::SafeTensors file = file_of("a", values);
  NamedTensors tensors(file, where);
  CHECK(tensors.rows("a", 2) == values);
  CHECK(says(message_of<ae::FileError>([&] { tensors.rows("a", 3); }), "file, tensor \"a\"",
             "expected rows of 3, found the shape [3, 2]"));
  ae::SafeTensors hollow;  // many rows of no values
  hollow.tensors["a"] = {"F64", {std::uint64_t{1} << 62, 0}, ""};
  CHECK(says(message_of<ae::FileError>([&] { NamedTensors(hollow, where).rows("a", 6); }),
             "expected rows of 6, found the shape [4611686018427387904, 0]"));
}

TEST_CASE("a view's columns may lie apart, and are left alone between") {
  Matrix<float> wide = Matrix<float>::Random(5, 4);
  const Matrix<float> before = wide;
  auto block = wide.block(1, 0, 3, 4);
  const ae::Tensor tensor = ae::detail::to_tensor(tensor_view<float>("a", block));
  CHECK(tensor == ae::to_tensor(block));
  block.setZero();
  ae::detail::read_tensor(tensor, tensor_view<float>("a", block), "place");
  CHECK(wide == before);
}

TEST_CASE("a tensor that nobody asked for is refused") {
  Matrix<double> one = Matrix<double>::Ones(1, 1);
  ae::SafeTensors file = file_of("a", one);
  file.tensors["b"] = file.tensors["a"];
  NamedTensors tensors(file, where);
  tensors.read(tensor_view<double>("a", one));
  CHECK(says(message_of<ae::FileError>([&] { tensors.require_nothing_else("a model's"); }),
             "file: expected no tensors but a model's, found \"b\""));
  tensors.read(tensor_view<double>("b", one));
  CHECK_NOTHROW(tensors.require_nothing_else("a model's"));
}
