#pragma once

#include "ae/detail/core/abi.hpp"

#include <algorithm>
#include <bit>
#include <cstring>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ae/detail/core/claims.hpp"
#include "ae/detail/core/require.hpp"

/// Tensors of any type and rank, as files hold them, and matrices made of some.
namespace ae::inline AE_ABI {

static_assert(std::endian::native == std::endian::little, "tensors are kept little endian");

/// Values row by row (the last index runs fastest), little endian.
/// ~~~{.cpp}
/// const ae::Tensor tensor = ae::read_safetensors("codes.safetensors").tensors.at("codes");
/// std::cout << tensor.dtype << " of " << tensor.shape.size() << " dimensions\n";
/// ~~~
struct Tensor {
  std::string dtype;                 ///< as safetensors names it: "F32"
  std::vector<std::uint64_t> shape;  ///< empty for a single number
  std::string bytes;

  bool operator==(const Tensor&) const = default;
};

namespace detail {

/// The bits of a value; nothing for an unknown type.
std::optional<std::uint64_t> bits_of(std::string_view dtype);

/// The bytes that a tensor of this type and shape takes. Throws FileError for an unknown type, more
/// than 64 bits can count, or values that end inside a byte.
std::uint64_t bytes_of(const std::string& dtype, const std::vector<std::uint64_t>& shape,
                       const std::string& where);

/// Throws FileError unless a tensor has as many bytes as its type and shape say.
void require_bytes(const std::string& dtype, const std::vector<std::uint64_t>& shape,
                   std::uint64_t found, const std::string& where);

template <class Scalar>
using RowMajor = Eigen::Matrix<Scalar, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

/// A matrix without entries may have rows without end, which nothing must loop over.
template <class Stored, class Scalar>
Matrix<Scalar> from_rows(const std::string& bytes, Index rows, Index cols) {
  if (bytes.empty()) return Matrix<Scalar>(rows, cols);
  RowMajor<Stored> stored(rows, cols);
  std::copy(bytes.begin(), bytes.end(), reinterpret_cast<char*>(stored.data()));
  return stored.template cast<Scalar>();
}

template <class Scalar>
constexpr const char* dtype_of() {
  if constexpr (std::is_same_v<Scalar, double>) return "F64";
  if constexpr (std::is_same_v<Scalar, float>) return "F32";
  if constexpr (std::is_same_v<Scalar, Eigen::bfloat16>) return "BF16";
  if constexpr (std::is_same_v<Scalar, Eigen::half>) return "F16";
}

}  // namespace detail

/// A matrix as a tensor of its own type: [rows, cols], or [rows] if it is a vector by its type.
/// ~~~{.cpp}
/// const ae::Tensor codes = ae::to_tensor(model.encode(x));  // F32 of [code size, samples]
/// ~~~
template <class Derived>
Tensor to_tensor(const Eigen::MatrixBase<Derived>& matrix) {
  using Scalar = typename Derived::Scalar;
  Tensor tensor{detail::dtype_of<Scalar>(), {static_cast<std::uint64_t>(matrix.rows())}, {}};
  if (Derived::ColsAtCompileTime != 1) {
    tensor.shape.push_back(static_cast<std::uint64_t>(matrix.cols()));
  }
  if (matrix.size() == 0) return tensor;
  const detail::RowMajor<Scalar> rows = matrix;
  tensor.bytes.assign(reinterpret_cast<const char*>(rows.data()),
                      static_cast<std::size_t>(rows.size()) * sizeof(Scalar));
  return tensor;
}

/// A tensor [rows, cols] of F64, F32, BF16 or F16 as that matrix; [rows] has one column, and no
/// dimensions are 1 x 1. Throws FileError for anything else, with `where` in front.
/// ~~~{.cpp}
/// const ae::SafeTensors file = ae::read_safetensors("codes.safetensors");
/// const ae::Matrix<float> codes = ae::to_matrix<float>(file.tensors.at("codes"));
/// ~~~
template <class Scalar>
Matrix<Scalar> to_matrix(const Tensor& tensor, const std::string& where = "tensor") {
  const auto& [dtype, shape, bytes] = tensor;
  detail::require_bytes(dtype, shape, bytes.size(), where);
  detail::require<FileError>(
      shape.size() <= 2 && std::all_of(shape.begin(), shape.end(), detail::fits_index), where,
      ": expected the shape of a matrix, found ", detail::shape_text(shape));
  const Index rows = shape.empty() ? 1 : static_cast<Index>(shape[0]);
  const Index cols = shape.size() < 2 ? 1 : static_cast<Index>(shape[1]);
  if (dtype == "F64") return detail::from_rows<double, Scalar>(bytes, rows, cols);
  if (dtype == "F32") return detail::from_rows<float, Scalar>(bytes, rows, cols);
  if (dtype == "BF16") return detail::from_rows<Eigen::bfloat16, Scalar>(bytes, rows, cols);
  if (dtype == "F16") return detail::from_rows<Eigen::half, Scalar>(bytes, rows, cols);
  throw FileError(detail::text(where, ": expected F64, F32, BF16 or F16, found ", dtype));
}

}  // namespace ae::inline AE_ABI

#ifndef AE_COMPILED
#include "ae/detail/io/tensor-inl.hpp"
#endif
