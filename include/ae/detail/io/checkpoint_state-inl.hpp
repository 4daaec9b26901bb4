#pragma once

#include "ae/detail/core/abi.hpp"

#include <cmath>

#include "ae/detail/core/header_only.hpp"
#include "ae/detail/io/checkpoint_state.hpp"

namespace ae::inline AE_ABI::detail {

constexpr const char* checkpoint_format = "ae checkpoint 1";

AE_HEADER_INLINE std::string checkpoint_name(const char* set, Index layer, Index parameter) {
  return text(set, '.', layer, '.', parameter);
}

AE_HEADER_INLINE Metadata checkpoint_metadata(const std::string& layers) {
  return {{"format", checkpoint_format}, {"layers", layers}};
}

AE_HEADER_INLINE void require_checkpoint(const SafeTensors& file, const std::string& layers,
                                         const std::string& where) {
  const auto format = file.metadata.find("format");
  require<FileError>(format != file.metadata.end() && format->second == checkpoint_format, where,
                     ": expected the format \"", checkpoint_format, "\", found ",
                     format == file.metadata.end() ? "none" : shown(format->second, 40));
  require_metadata(file.metadata, "layers", layers, where);
}

AE_HEADER_INLINE void add_tensors(SafeTensors& file, const std::vector<TensorView>& matrices) {
  for (const TensorView& matrix : matrices) file.tensors.emplace(matrix.name, to_tensor(matrix));
}

AE_HEADER_INLINE void add_tensors(SafeTensors& file, const std::vector<NumberView>& numbers) {
  for (const NumberView& number : numbers) file.tensors.emplace(number.name, to_tensor(number));
}

constexpr const char* history_name = "fit.history";

AE_HEADER_INLINE void add_history(SafeTensors& file, const History& history) {
  Matrix<double> rows(static_cast<Index>(history.size()), 6);
  Index row = 0;
  for (const EpochReport& at : history) {
    Index column = 0;
    for (const double number : {static_cast<double>(at.epoch), at.data_loss, at.penalty,
                                at.validation, at.learning_rate, at.seconds}) {
      rows(row, column++) = number;
    }
    ++row;
  }
  file.tensors.emplace(history_name, to_tensor(tensor_view<double>(history_name, rows)));
}

AE_HEADER_INLINE History read_history(NamedTensors& file) {
  const Matrix<double> rows = file.rows(history_name, 6);
  const std::string place = file.place(history_name);
  History history;
  for (Index i = 0; i < rows.rows(); ++i) {
    history.push_back({.epoch = static_cast<Index>(whole_number(rows(i, 0), 0x1p53, place)),
                       .data_loss = rows(i, 1),
                       .penalty = rows(i, 2),
                       .validation = rows(i, 3),
                       .learning_rate = rows(i, 4),
                       .seconds = rows(i, 5)});
  }
  return history;
}

AE_HEADER_INLINE std::optional<double> read_threshold(NamedTensors& file) {
  if (!file.has("threshold")) return {};
  double threshold = 0;
  file.read(NumberView("threshold", threshold));
  require<FileError>(std::isfinite(threshold), file.place("threshold"),
                     ": expected a finite number, found ", threshold);
  return threshold;
}

}  // namespace ae::inline AE_ABI::detail
