#pragma once

#include "ae/detail/core/abi.hpp"

#include <cmath>
#include <limits>

#include "ae/detail/core/header_only.hpp"
#include "ae/parts/corruption.hpp"
#include "ae/tools/detector.hpp"

namespace ae::inline AE_ABI {

namespace detail {

/// Those of some numbers.
template <class Scalar>
Matrix<Scalar> columns(const ConstMatrixRef<Scalar>& x, std::span<const Index> numbers) {
  Matrix<Scalar> some(x.rows(), static_cast<Index>(numbers.size()));
  MatrixSource<Scalar>(x).read(numbers, MatrixRef<Scalar>(some));
  return some;
}

/// Throws ShapeError and OptionError.
inline void require_valid(const DetectorOptions& options, const ConstMatrixRef<double>& x) {
  constexpr Index least = 10;
  require<ShapeError>(x.rows() > 0 && x.cols() >= least, "detector: expected at least ", least,
                      " normal samples of at least one feature (features x samples), found ",
                      shape(x.rows(), x.cols()));
  require<OptionError>(options.false_alarms > 0 && options.false_alarms < 1,
                       "detector: expected a share of false alarms above 0 and below 1, found ",
                       options.false_alarms);
  require<OptionError>(options.neighbors >= 0 && options.neighbors < least,
                       "detector: expected from 0 to ", least - 1, " neighbors, found ",
                       options.neighbors);
}

/// A network that has learnt to fill in what is missing from samples in its own units, of which a
/// NaN is missing.
inline StackedAutoencoder<float> masked_autoencoder(const Matrix<float>& z,
                                                    const DetectorOptions& options) {
  constexpr Index steps = 3000, batch = 128;
  StackedAutoencoder<float> model({z.rows(), 256, 128}, options.seed);
  Scaler<float> none;
  none.set_missing(options.missing);
  model.set_scaler(none);
  const Index each = ceil_div(z.cols(), batch);
  model.fit(z,
            {.epochs = ceil_div(steps, each),
             .batch_size = batch,
             .learning_rate = 3e-3,
             .schedule = cosine(),
             .seed = options.seed,
             .callbacks = options.callbacks},
            AdamW{}, Masking{0.3});
  return model;
}

}  // namespace detail

AE_HEADER_INLINE Detector Detector::fit(const ConstMatrixRef<double>& x,
                                        const DetectorOptions& options) {
  detail::require_valid(options, x);
  std::vector<Index> order(static_cast<std::size_t>(x.cols()));
  std::iota(order.begin(), order.end(), Index{0});
  shuffle(order, Random(options.seed, Purpose::split));
  const auto held_out = static_cast<std::size_t>(std::min<Index>(1000, x.cols() / 5));
  const Matrix<double> clean = detail::columns<double>(x, std::span(order).first(held_out));
  const Matrix<double> learnt = detail::columns<double>(x, std::span(order).subspan(held_out));

  auto scaler = Scaler<float>::fit(learnt, Scaling::standard, options.missing);
  Detector detector(StackedAutoencoder<float>({x.rows(), 1}));
  detector.model_.set_scaler(scaler);
  Matrix<float> z = detector.enter(learnt, "detector");
  constexpr float nan = std::numeric_limits<float>::quiet_NaN();
  const Matrix<float> incomplete = learnt.array().isNaN().select(nan, z);
  detector.model_ = detail::masked_autoencoder(incomplete, options);
  detector.model_.set_scaler(std::move(scaler));

  if (options.neighbors > 0) {
    constexpr Index most = 20'000;
    const Index kept = std::min(most, x.cols());
    Matrix<float> normal(x.rows(), kept);
    const Matrix<float> held = detector.enter(clean, "detector");
    normal << held, z.leftCols(kept - held.cols());
    detector.normal_ = NearestNeighbors<float>(std::move(normal));
    detector.neighbors_ = options.neighbors;
  }
  detector.calibrate(clean, options.false_alarms);
  return detector;
}

/// The held-out samples are among the normal ones that are kept, each its own nearest.
AE_HEADER_INLINE void Detector::calibrate(const ConstMatrixRef<double>& clean,
                                          double false_alarms) {
  const Matrix<float> z = enter(clean, "detector");
  const Matrix<float> found = errors(clean, z);
  const Vector<double> there =
      (clean.array() == clean.array()).rowwise().count().cast<double>().cwiseMax(1.0);
  constexpr double least = 1e-6;  // of a feature that is always as expected
  spreads_ = (found.rowwise().sum().cast<double>().array() / there.array()).max(least);
  network_ = Standard::of(network_score(clean, z));
  if (neighbors_ > 0) distance_ = Standard::of(normal_.distances(z, neighbors_ + 1));
  clean_scores_ = joined(clean, z, neighbors_ + 1);
  std::sort(clean_scores_.begin(), clean_scores_.end());
  const Index count = clean_scores_.size();
  const auto allowed = static_cast<Index>(false_alarms * static_cast<double>(count + 1));
  model_.set_threshold(clean_scores_[count - std::clamp<Index>(allowed, 1, count)]);
}

AE_HEADER_INLINE Matrix<float> Detector::enter(const ConstMatrixRef<double>& x,
                                               const char* who) const {
  detail::require_rows(x, features(), who);
  detail::require_finite_chunk<double>(x, 0, model_.scaler().missing() == Missing::allowed, who);
  return model_.scaler().scaled(x).cwiseMax(-most_deviations).cwiseMin(most_deviations);
}

AE_HEADER_INLINE Matrix<float> Detector::errors(const ConstMatrixRef<double>& x,
                                                const Matrix<float>& z) const {
  const Matrix<float> squares = (predict_masked(model_, z) - z).cwiseAbs2();
  return x.array().isNaN().select(0.0f, squares);
}

AE_HEADER_INLINE Vector<double> Detector::network_score(const ConstMatrixRef<double>& x,
                                                        const Matrix<float>& z) const {
  const Vector<double> weights = spreads_.cwiseInverse();
  const Vector<double> sums = errors(x, z).cast<double>().transpose() * weights;
  Vector<double> there = (x.array() == x.array()).colwise().count().cast<double>().transpose();
  for (Index j = 0; j < x.cols(); ++j) {
    detail::require<DataError>(there[j] > 0, "detector: expected samples with at least one value, ",
                               "found none in sample ", j);
  }
  return sums.array() / there.array();
}

AE_HEADER_INLINE Vector<double> Detector::joined(const ConstMatrixRef<double>& x,
                                                 const Matrix<float>& z, Index neighbor) const {
  Eigen::ArrayXd all = network_(network_score(x, z));
  if (neighbors_ > 0) all += distance_(normal_.distances(z, neighbor));
  return all;
}

AE_HEADER_INLINE Vector<double> Detector::score(const ConstMatrixRef<double>& x) const {
  return joined(x, enter(x, "detector"), neighbors_);
}

AE_HEADER_INLINE Vector<double> Detector::p_values(const ConstMatrixRef<double>& x) const {
  const auto count = static_cast<double>(clean_scores_.size());
  return score(x).unaryExpr([&](double found) {
    const auto below = std::lower_bound(clean_scores_.begin(), clean_scores_.end(), found);
    return (static_cast<double>(clean_scores_.end() - below) + 1) / (count + 1);
  });
}

AE_HEADER_INLINE Explanation Detector::explain(const ConstMatrixRef<double>& x) const {
  const Matrix<float> z = enter(x, "detector");
  const auto& scaler = model_.scaler();
  Explanation all;
  all.expected = predict_masked(model_, z).cast<double>();
  all.expected.array().colwise() *= scaler.divisors().cast<double>().array();
  all.expected.colwise() += scaler.center().cast<double>();
  all.shares = errors(x, z).cast<double>();
  all.shares.array().colwise() /= spreads_.array();
  for (auto column : all.shares.colwise()) {
    const double sum = column.sum();
    if (sum > 0) column /= sum;
  }
  return all;
}

AE_HEADER_INLINE void Detector::save(const std::filesystem::path& path) const {
  SafeTensors file = detail::to_file(model_, detail::path_text(path));
  const auto add = [&](const char* name, const Matrix<double>& rows) {
    file.tensors.emplace(name, to_tensor(rows));
  };
  add("detector.spreads", spreads_);
  add("detector.clean_scores", clean_scores_);
  add("detector.standards",
      Matrix<double>{{network_.mean, network_.deviation}, {distance_.mean, distance_.deviation}});
  if (neighbors_ > 0) {
    add("detector.neighbors", Matrix<double>::Constant(1, 1, static_cast<double>(neighbors_)));
    add("detector.normal", normal_.samples().transpose().cast<double>());
  }
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
    detail::require<FileError>(
        found.rows() >= 1 && (rows == 0 || found.rows() == rows) && found.allFinite(),
        tensors.place(name), ": expected finite numbers, ", rows, " rows of them (0: any), found ",
        found.rows(), " rows");
    return found;
  };
  detail::require<FileError>(tensors.has("detector.spreads"), where,
                             ": expected a detector's file, found a file without the tensor ",
                             "\"detector.spreads\"; a model's file is read by ae::load");
  Detector detector(detail::to_model<StackedAutoencoder<float>>(file, where));
  const Index features = detector.features();
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
  tensors.require_nothing_else("a detector's");
  detail::require<FileError>(
      detector.model_.threshold() && detector.spreads_.minCoeff() > 0 &&
          standards.col(1).minCoeff() > 0 &&
          std::is_sorted(detector.clean_scores_.begin(), detector.clean_scores_.end()),
      where, ": expected a threshold, spreads and deviations above 0 and sorted scores, found ",
      "others");
  return detector;
}

}  // namespace ae::inline AE_ABI
