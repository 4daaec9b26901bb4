#pragma once

#include "ae/detail/core/abi.hpp"

#include <array>
#include <cmath>
#include <limits>

#include "ae/detail/core/header_only.hpp"
#include "ae/detail/io/named_tensors.hpp"

namespace ae::inline AE_ABI::detail {

/// Numbers as a column.
template <std::size_t count>
TensorView column_view(std::string name, std::array<double, count>& numbers) {
  constexpr auto rows = static_cast<Index>(count);
  return {std::move(name), "F64", numbers.data(), rows, 1, rows, false};
}

AE_HEADER_INLINE Tensor to_tensor(const NumberView& number) {
  if (number.bits != nullptr) {
    std::array halves{static_cast<double>(*number.bits >> 32),
                      static_cast<double>(*number.bits & 0xffffffffu)};
    return to_tensor(column_view(number.name, halves));
  }
  std::array one{number.real != nullptr    ? *number.real
                 : number.index != nullptr ? static_cast<double>(*number.index)
                                           : static_cast<double>(*number.flag)};
  return to_tensor(column_view(number.name, one));
}

AE_HEADER_INLINE std::uint64_t whole_number(double value, double most, const std::string& place) {
  require<FileError>(value >= 0 && value <= most && value == std::floor(value), place,
                     ": expected a whole number from 0 to ", most, ", found ", value);
  return static_cast<std::uint64_t>(value);
}

AE_HEADER_INLINE const Tensor& NamedTensors::find(const std::string& name) {
  asked_.insert(name);
  const auto found = file_.tensors.find(name);
  require<FileError>(found != file_.tensors.end(), place(name),
                     ": expected this tensor, found none");
  return found->second;
}

AE_HEADER_INLINE void NamedTensors::read(const TensorView& into) {
  read_tensor(find(into.name), into, place(into.name));
}

AE_HEADER_INLINE void NamedTensors::read(const NumberView& into) {
  const std::string at = place(into.name);
  if (into.bits != nullptr) {
    std::array<double, 2> halves{};
    read(column_view(into.name, halves));
    constexpr double most = std::numeric_limits<std::uint32_t>::max();
    *into.bits = whole_number(halves[0], most, at) << 32 | whole_number(halves[1], most, at);
    return;
  }
  std::array<double, 1> one{};
  read(column_view(into.name, one));
  if (into.real != nullptr) *into.real = one[0];
  if (into.index != nullptr) *into.index = static_cast<Index>(whole_number(one[0], 0x1p53, at));
  if (into.flag != nullptr) *into.flag = whole_number(one[0], 1, at) != 0;
}

AE_HEADER_INLINE Matrix<double> NamedTensors::rows(const std::string& name, Index cols) {
  const Tensor& tensor = find(name);
  const auto width = static_cast<std::uint64_t>(cols);
  require<FileError>(tensor.shape.size() == 2 && tensor.shape[1] == width, place(name),
                     ": expected rows of ", cols, ", found the shape ", shape_text(tensor.shape));
  const std::size_t row = sizeof(double) * width;
  Matrix<double> matrix(static_cast<Index>(tensor.bytes.size() / row), cols);
  read_tensor(tensor, tensor_view<double>(name, matrix), place(name));
  return matrix;
}

AE_HEADER_INLINE void NamedTensors::require_nothing_else(const char* whose) const {
  for (const auto& [name, tensor] : file_.tensors) {
    require<FileError>(asked_.contains(name), where_, ": expected no tensors but ", whose,
                       ", found \"", shown(name), '"');
  }
}

}  // namespace ae::inline AE_ABI::detail
