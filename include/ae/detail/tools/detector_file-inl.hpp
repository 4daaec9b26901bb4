#pragma once

#include "ae/detail/core/abi.hpp"

#include "ae/detail/core/header_only.hpp"
#include "ae/detail/io/schema_json.hpp"
#include "ae/tools/detector.hpp"

namespace ae::inline AE_ABI {

AE_HEADER_INLINE void Detector::save(const std::filesystem::path& path) const {
  StackedAutoencoder<float> model = model_;
  model.set_threshold(threshold_);
  SafeTensors file = detail::to_file(model, detail::path_text(path));
  const auto add = [&](const char* name, const Matrix<double>& rows) {
    file.tensors.emplace(name, to_tensor(rows));
  };
  add("detector.center", scaler_.center());
  add("detector.divisors", scaler_.divisors());
  add("detector.spreads", spreads_);
  add("detector.clean_scores", clean_scores_);
  add("detector.standards",
      Matrix<double>{{network_.mean, network_.deviation}, {distance_.mean, distance_.deviation}});
  if (neighbors_ > 0) {
    add("detector.neighbors", Matrix<double>::Constant(1, 1, static_cast<double>(neighbors_)));
    add("detector.normal", normal_.samples().transpose().cast<double>());
  }
  add("detector.masks", Matrix<double>::Constant(1, 1, static_cast<double>(masks)));
  if (schema_) file.metadata[detail::schema_key] = detail::json_text(*schema_);
  write_safetensors(file, path);
}

AE_HEADER_INLINE Detector Detector::load(const std::filesystem::path& path) {
  const std::string where = detail::path_text(path);
  SafeTensors file = read_safetensors(path), own;
  const auto first = file.tensors.lower_bound("detector.");
  const auto last = file.tensors.lower_bound("detector/");  // the character after the point
  own.tensors.insert(first, last);
  file.tensors.erase(first, last);
  detail::NamedTensors tensors(own, where);
  const auto read = [&](const char* name, Index rows, Index cols) {
    Matrix<double> found = tensors.rows(name, cols);
    detail::require<FileError>(found.rows() >= 1 && (rows == 0 || found.rows() == rows),
                               tensors.place(name), ": expected ", std::max<Index>(rows, 1),
                               rows == 0 ? " rows or more" : " rows", ", found ", found.rows());
    detail::require<FileError>(found.allFinite(), tensors.place(name),
                               ": expected finite numbers, found one that is not");
    return found;
  };
  detail::require<FileError>(tensors.has("detector.spreads"), where,
                             ": expected a detector's file, found a file without the tensor ",
                             "\"detector.spreads\"; a model's file is read by ae::load");
  Detector detector(detail::to_model<StackedAutoencoder<float>>(file, where));
  const Index features = detector.features();
  detector.schema_ = detail::schema_in(file, where);
  detail::require<FileError>(!detector.schema_ || detector.schema_->features() == features, where,
                             ", ", detail::schema_key, ": expected a schema of ", features,
                             " features, found ",
                             detector.schema_ ? detector.schema_->features() : 0);
  detector.groups_ =
      detector.schema_ ? detector.schema_->column_of_feature() : detail::each_alone(features);
  const Vector<double> divisors = read("detector.divisors", features, 1);
  detail::require<FileError>(divisors.minCoeff() > 0, tensors.place("detector.divisors"),
                             ": expected numbers above 0, found ", divisors.minCoeff());
  detector.scaler_ = Scaler<double>(Vector<double>(read("detector.center", features, 1)), divisors);
  detector.scaler_.set_missing(detector.model_.scaler().missing());
  detector.spreads_ = read("detector.spreads", features, 1);
  detector.clean_scores_ = read("detector.clean_scores", 0, 1);
  const Matrix<double> standards = read("detector.standards", 2, 2);
  detector.network_ = {standards(0, 0), standards(0, 1)};
  detector.distance_ = {standards(1, 0), standards(1, 1)};
  if (tensors.has("detector.neighbors")) {
    detector.neighbors_ = static_cast<Index>(detail::whole_number(
        read("detector.neighbors", 1, 1)(0, 0), 9, tensors.place("detector.neighbors")));
    const Matrix<double> normal = read("detector.normal", 0, features);
    detail::require<FileError>(detector.neighbors_ > 0 && normal.rows() > detector.neighbors_,
                               tensors.place("detector.normal"), ": expected more samples than ",
                               detector.neighbors_, ", which is at least 1, found ", normal.rows());
    detector.normal_ = NearestNeighbors<float>(normal.transpose().cast<float>());
  }
  const double found_masks = read("detector.masks", 1, 1)(0, 0);
  detail::require<FileError>(found_masks == masks, tensors.place("detector.masks"), ": expected ",
                             masks, ", found ", found_masks);
  tensors.require_nothing_else("a detector's");
  detail::require<FileError>(
      detector.model_.threshold() && detector.spreads_.minCoeff() > 0 &&
          standards.col(1).minCoeff() > 0 &&
          std::is_sorted(detector.clean_scores_.begin(), detector.clean_scores_.end()),
      where, ": expected a threshold, spreads and deviations above 0 and sorted scores, found ",
      "others");
  detector.threshold_ = *detector.model_.threshold();
  detector.model_.set_threshold({});
  return detector;
}

}  // namespace ae::inline AE_ABI
