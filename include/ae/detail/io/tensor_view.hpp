#pragma once

#include "ae/detail/core/abi.hpp"

#include "ae/io/tensor.hpp"

namespace ae::inline AE_ABI::detail {

/// A matrix in memory, column by column, that a file has under a name; of any type, so that what
/// is done with it is compiled once.
struct TensorView {
  std::string name;
  const char* dtype;  ///< as a file names the type: "F32"
  void* values;
  Index rows, cols;
  Index stride;    ///< from one column to the next
  bool is_vector;  ///< of one dimension in the file, though a matrix of one column here
};

template <class Scalar>
TensorView tensor_view(std::string name, MatrixRef<Scalar> matrix, bool is_vector = false) {
  return {std::move(name), dtype_of<Scalar>(),   matrix.data(), matrix.rows(),
          matrix.cols(),   matrix.outerStride(), is_vector};
}

std::vector<std::uint64_t> shape_of(const TensorView& view);

/// The numbers of a view, row by row.
Tensor to_tensor(const TensorView& view);

/// The other way round. Throws FileError, which begins with the place, for a tensor of another type
/// or shape.
void read_tensor(const Tensor& tensor, const TensorView& into, const std::string& place);

}  // namespace ae::inline AE_ABI::detail

#ifndef AE_COMPILED
#include "ae/detail/io/tensor_view-inl.hpp"
#endif
