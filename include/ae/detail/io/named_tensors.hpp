#pragma once

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

#include "ae/io/safetensors.hpp"

/// Numbers and matrices in a safetensors file, each a tensor with a name.
namespace ae::detail {

/// Throws FileError unless the value, found at `place`, is a whole number of at least 0.
template <class Number>
Number whole_number(double value, const std::string& place) {
  constexpr double most = std::min(0x1p53, static_cast<double>(std::numeric_limits<Number>::max()));
  require<FileError>(value >= 0 && value <= most && value == std::floor(value), place,
                     ": expected a whole number from 0 to ", most, ", found ", value);
  return static_cast<Number>(value);
}

/// A number as a column: as it is, but 64 bits as two halves, since a double holds fewer.
template <class Number>
Matrix<double> number_matrix(Number number) {
  if constexpr (std::is_same_v<Number, std::uint64_t>) {
    return Eigen::Vector2d(static_cast<double>(number >> 32),
                           static_cast<double>(number & 0xffffffffu));
  } else {
    return Matrix<double>::Constant(1, 1, static_cast<double>(number));
  }
}

/// Tensors of a file that are asked for by name, in the type and shape that are expected. Throws
/// FileError, with the place, where they are not so.
class NamedTensors {
 public:
  NamedTensors(const SafeTensors& file, const std::string& where) : file_(file), where_(where) {}

  bool has(const std::string& name) const { return file_.tensors.contains(name); }
  std::string place(const std::string& name) const { return tensor_place(where_, name); }

  /// Any number of rows where `rows` is below 0.
  template <class Scalar>
  Matrix<Scalar> get(const std::string& name, Index rows, Index cols) {
    asked_.insert(name);
    const auto found = file_.tensors.find(name);
    require<FileError>(found != file_.tensors.end(), where_, ": expected a tensor \"", name,
                       "\", found none");
    require<FileError>(found->second.dtype == dtype_of<Scalar>(), place(name), ": expected ",
                       dtype_of<Scalar>(), ", found ", found->second.dtype);
    Matrix<Scalar> matrix = to_matrix<Scalar>(found->second, place(name));
    require<FileError>((rows < 0 || matrix.rows() == rows) && matrix.cols() == cols, place(name),
                       ": expected ", shape(rows, cols), ", found ",
                       shape(matrix.rows(), matrix.cols()));
    return matrix;
  }

  template <class Number>
  Number number(const std::string& name) {
    if constexpr (std::is_same_v<Number, std::uint64_t>) {
      const Matrix<double> halves = get<double>(name, 2, 1);
      return std::uint64_t{whole_number<std::uint32_t>(halves(0), place(name))} << 32 |
             whole_number<std::uint32_t>(halves(1), place(name));
    } else if constexpr (std::is_same_v<Number, double>) {
      return get<double>(name, 1, 1)(0, 0);
    } else {
      const double value = get<double>(name, 1, 1)(0, 0);
      return whole_number<Number>(value, place(name));
    }
  }

  /// Refuses a tensor that nobody asked for; `whose` says whose tensors these are.
  void require_nothing_else(const char* whose) const {
    for (const auto& [name, tensor] : file_.tensors) {
      require<FileError>(asked_.contains(name), where_, ": expected no tensors but ", whose,
                         ", found \"", shown(name), '"');
    }
  }

 private:
  const SafeTensors& file_;
  const std::string& where_;
  std::set<std::string> asked_;
};

}  // namespace ae::detail
