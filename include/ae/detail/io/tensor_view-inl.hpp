#pragma once

#include "ae/detail/core/abi.hpp"

#include "ae/detail/core/header_only.hpp"
#include "ae/detail/core/to_size.hpp"
#include "ae/detail/io/tensor_view.hpp"

namespace ae::inline AE_ABI::detail {

/// Calls copy(number in the view, number in the row-major bytes, size) for each number of a type
/// whose size the compiler knows, so that each copy is one instruction.
template <std::size_t size, class Copy>
void for_each_in_rows(const TensorView& view, const Copy& copy) {
  auto* const values = static_cast<char*>(view.values);
  std::size_t at = 0;
  for (Index i = 0; i < view.rows; ++i) {
    for (Index j = 0; j < view.cols; ++j, at += size) {
      copy(values + static_cast<std::size_t>(i + j * view.stride) * size, at,
           std::integral_constant<std::size_t, size>{});
    }
  }
}

template <class Copy>
void for_each_in_rows(const TensorView& view, const Copy& copy) {
  switch (bits_of(view.dtype).value_or(0)) {
    case 16:
      return for_each_in_rows<2>(view, copy);
    case 32:
      return for_each_in_rows<4>(view, copy);
    case 64:
      return for_each_in_rows<8>(view, copy);
  }
}

AE_HEADER_INLINE std::vector<std::uint64_t> shape_of(const TensorView& view) {
  std::vector<std::uint64_t> shape{static_cast<std::uint64_t>(view.rows)};
  if (!view.is_vector) shape.push_back(static_cast<std::uint64_t>(view.cols));
  return shape;
}

AE_HEADER_INLINE Tensor to_tensor(const TensorView& view) {
  Tensor tensor{view.dtype, shape_of(view), {}};
  tensor.bytes.resize(to_size(bytes_of(tensor.dtype, tensor.shape, view.name)));
  char* const bytes = tensor.bytes.data();
  for_each_in_rows(view, [=](const char* value, std::size_t at, auto size) {
    std::memcpy(bytes + at, value, size);
  });
  return tensor;
}

AE_HEADER_INLINE void read_tensor(const Tensor& tensor, const TensorView& into,
                                  const std::string& place) {
  require<FileError>(tensor.dtype == into.dtype && tensor.shape == shape_of(into), place,
                     ": expected ", into.dtype, ' ', shape_text(shape_of(into)), ", found ",
                     shown(tensor.dtype), ' ', shape_text(tensor.shape));
  require_bytes(tensor.dtype, tensor.shape, tensor.bytes.size(), place);
  const char* const bytes = tensor.bytes.data();
  for_each_in_rows(
      into, [=](char* value, std::size_t at, auto size) { std::memcpy(value, bytes + at, size); });
}

}  // namespace ae::inline AE_ABI::detail
