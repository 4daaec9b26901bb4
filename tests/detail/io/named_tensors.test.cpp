#include "ae/detail/io/named_tensors.hpp"

#include "support/expect.hpp"

using ae::Matrix;
using ae::detail::NamedTensors;

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
  return message_of<ae::FileError>([&] { NamedTensors(file, where).number<Number>("n"); });
}

template <class Number>
bool comes_back(Number number) {
  const ae::SafeTensors file = file_of("n", ae::detail::number_matrix(number));
  return NamedTensors(file, where).number<Number>("n") == number;
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
  CHECK(says(refusal<double>(Matrix<double>::Zero(2, 1)), "expected 1 x 1, found 2 x 1"));
  CHECK(says(refusal<std::uint64_t>(one(1)), "expected 2 x 1, found 1 x 1"));
  CHECK(says(refusal<std::uint64_t>(Eigen::Vector2d(0, 0x1p32)), "from 0 to"));
}

TEST_CASE("a tensor is asked for by name, type and shape") {
  const ae::SafeTensors file = file_of("a", Matrix<double>::Ones(3, 2));
  NamedTensors tensors(file, where);
  CHECK((tensors.has("a") && !tensors.has("b")));
  const auto refusal_of = [](const auto& get) { return message_of<ae::FileError>(get); };
  CHECK(says(refusal_of([&] { tensors.get<double>("b", 3, 2); }), "a tensor \"b\", found none"));
  CHECK(says(refusal_of([&] { tensors.get<float>("a", 3, 2); }), "expected F32, found F64"));
  CHECK(says(refusal_of([&] { tensors.get<double>("a", 2, 3); }), "2 x 3", "3 x 2"));
  CHECK(tensors.get<double>("a", -1, 2) == Matrix<double>::Ones(3, 2));
}

TEST_CASE("a tensor that nobody asked for is refused") {
  ae::SafeTensors file = file_of("a", Matrix<double>::Ones(1, 1));
  file.tensors["b"] = file.tensors["a"];
  NamedTensors tensors(file, where);
  tensors.get<double>("a", 1, 1);
  CHECK(says(message_of<ae::FileError>([&] { tensors.require_nothing_else("a model's"); }),
             "file: expected no tensors but a model's, found \"b\""));
  tensors.get<double>("b", 1, 1);
  CHECK_NOTHROW(tensors.require_nothing_else("a model's"));
}
