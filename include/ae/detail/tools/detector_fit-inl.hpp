#pragma once

#include "ae/detail/core/abi.hpp"

#include <limits>

#include "ae/detail/core/header_only.hpp"
#include "ae/detail/data/subset.hpp"
#include "ae/detail/tools/alarms_allowed.hpp"
#include "ae/detail/tools/detector_parts.hpp"
#include "ae/detail/tools/group_masking.hpp"
#include "ae/tools/detector.hpp"

/// How a detector learns, and how it is calibrated.
namespace ae::inline AE_ABI {

namespace detail {

/// The first of a source's samples (features x count).
inline Matrix<double> first_samples(const SourceRef<double>& source, Index count) {
  std::vector<Index> picks(static_cast<std::size_t>(count));
  std::iota(picks.begin(), picks.end(), Index{0});
  Matrix<double> some(source.features(), count);
  source.read(picks, some);
  return some;
}

/// Samples as the network sees them; what is missing is a NaN still.
class ScaledSource {
 public:
  ScaledSource(const SourceRef<double>& source, const Scaler<double>& scaler, double most)
      : source_(source), scaler_(scaler), most_(most) {}

  Index features() const { return source_.features(); }
  Index samples() const { return source_.samples(); }

  void read(std::span<const Index> picks, MatrixRef<float> x) const {
    Matrix<double> raw(x.rows(), x.cols());
    source_.read(picks, raw);
    constexpr double nan = std::numeric_limits<double>::quiet_NaN();
    const Matrix<double> scaled = scaler_.scaled(raw).cwiseMax(-most_).cwiseMin(most_);
    x = raw.array().isNaN().select(nan, scaled).cast<float>();
  }

 private:
  const SourceRef<double>& source_;
  const Scaler<double>& scaler_;
  double most_;
};

/// Throws ShapeError and OptionError.
inline void require_valid(const DetectorOptions& options, const SourceRef<double>& source) {
  constexpr Index least = 10;
  const Index features = source.features(), samples = source.samples();
  require<ShapeError>(features > 0 && samples >= least, "detector: expected at least ", least,
                      " normal samples of at least one feature (features x samples), found ",
                      shape(features, samples));
  require_share(options.false_alarms);
  require<OptionError>(options.neighbors >= 0 && options.neighbors < least,
                       "detector: expected from 0 to ", least - 1, " neighbors, found ",
                       options.neighbors);
}

/// A network that has learnt to fill in what is missing from samples in its own units, of which a
/// NaN is missing.
inline StackedAutoencoder<float> masked_autoencoder(const ScaledSource& z,
                                                    const std::vector<Index>& groups,
                                                    const DetectorOptions& options) {
  constexpr Index steps = 3000, batch = 128;
  StackedAutoencoder<float> model({z.features(), 256, 128}, options.seed);
  Scaler<float> none;
  none.set_missing(options.missing);
  model.set_scaler(none);
  const Index each = ceil_div(z.samples(), batch);
  model.fit(z,
            {.epochs = ceil_div(steps, each),
             .batch_size = batch,
             .learning_rate = 3e-3,
             .schedule = cosine(),
             .seed = options.seed,
             .callbacks = options.callbacks},
            AdamW{}, GroupMasking{0.3, groups});
  return model;
}

}  // namespace detail

AE_HEADER_INLINE Detector Detector::fit(const Table& table, DetectorOptions options) {
  const auto odd = table.anomalies();
  std::vector<Index> normal;
  for (Index j = 0; j < table.samples(); ++j) {
    if (odd[j]) continue;
    const bool some = !table.values.col(j).array().isNaN().all();
    const auto line = table.lines.empty() ? j + 1 : table.lines[static_cast<std::size_t>(j)];
    detail::require<DataError>(some, "detector: expected rows with at least one value, found none ",
                               "in ", table.lines.empty() ? "row " : "line ", line);
    normal.push_back(j);
  }
  options.missing = Missing::allowed;
  const detail::MatrixSource<double> all(table.values);
  const detail::Subset some(all, std::move(normal));
  return of(detail::SourceRef<double>(some), table.schema, options);
}

AE_HEADER_INLINE Detector Detector::of(const detail::SourceRef<double>& source,
                                       const std::optional<Schema>& schema,
                                       const DetectorOptions& options) {
  detail::require_valid(options, source);
  detail::visit_chunks<double>(source, [&](const MatrixRef<double>& x, Index first) {
    detail::require_finite_chunk<double>(x, first, options.missing == Missing::allowed, "detector");
    for (Index j = 0; j < x.cols(); ++j) {
      detail::require_some_value(!x.col(j).array().isNaN().all(), first + j);
    }
  });
  std::vector<Index> order(static_cast<std::size_t>(source.samples()));
  std::iota(order.begin(), order.end(), Index{0});
  shuffle(order, Random(options.seed, Purpose::split));
  const Index held_out = std::min<Index>(1000, source.samples() / 5);
  const detail::Subset shuffled(source, order);
  const detail::Subset rest(source, {order.begin() + held_out, order.end()});
  const detail::SourceRef<double> learnt(rest);
  const Matrix<double> clean = detail::first_samples(detail::SourceRef<double>(shuffled), held_out);

  const auto exact = Scaler<double>::fit(rest, Scaling::standard, options.missing);
  Scaler<float> scaler(Vector<float>(exact.center().cast<float>()),
                       Vector<float>(exact.divisors().cast<float>()));
  scaler.set_missing(options.missing);
  std::vector<Index> groups =
      schema ? schema->column_of_feature() : detail::each_alone(source.features());
  Detector detector(detail::masked_autoencoder(detail::ScaledSource(learnt, exact, most_deviations),
                                               groups, options));
  detector.scaler_ = exact;
  detector.schema_ = schema;
  detector.groups_ = std::move(groups);
  detector.model_.set_scaler(std::move(scaler));

  if (options.neighbors > 0) {
    const Index kept = std::min(most_kept, source.samples());
    const Matrix<double> normal = detail::first_samples(detail::SourceRef<double>(shuffled), kept);
    detector.normal_ = NearestNeighbors<float>(detector.filled(normal, detector.enter(normal)));
    detector.neighbors_ = options.neighbors;
  }
  detector.calibrate(clean, options.false_alarms);
  return detector;
}

/// The held-out samples are among the normal ones that are kept, each its own nearest.
AE_HEADER_INLINE void Detector::calibrate(const ConstMatrixRef<double>& clean,
                                          double false_alarms) {
  const Matrix<float> z = enter(clean);
  const Matrix<float> found = errors(clean, z);
  const Vector<double> there = (clean.array() == clean.array()).rowwise().count().cast<double>();
  constexpr double least = 1e-6;  // of a feature that is always as expected
  spreads_ = found.rowwise().sum().cast<double>().array() / there.array().max(1.0);
  // A feature of which nothing was held out is taken to be as far off as others.
  const double usual = spreads_.sum() / std::max(1.0, (there.array() > 0).cast<double>().sum());
  spreads_ = (there.array() > 0).select(spreads_, usual).eval();
  spreads_ = detail::sums_of_groups(spreads_, groups_).cwiseMax(least);
  network_ = Standard::of(network_score(clean, z, 0));
  if (neighbors_ > 0) distance_ = Standard::of(normal_.distances(filled(clean, z), neighbors_ + 1));
  recalibrate(joined(clean, z, neighbors_ + 1), false_alarms);
}

AE_HEADER_INLINE void Detector::recalibrate(Vector<double> clean_scores, double false_alarms) {
  detail::require_share(false_alarms);
  const Index count = clean_scores.size();
  detail::require<ShapeError>(count > 0, "detector: expected at least one clean score, found none");
  for (Index i = 0; i < count; ++i) {
    detail::require<DataError>(std::isfinite(clean_scores[i]),
                               "detector: expected finite clean scores, found ", clean_scores[i],
                               " as score ", i);
  }
  std::sort(clean_scores.begin(), clean_scores.end());
  const Index allowed = detail::alarms_allowed(false_alarms, count);
  set_threshold(clean_scores[count - std::clamp<Index>(allowed, 1, count)]);
  clean_scores_ = std::move(clean_scores);
}

}  // namespace ae::inline AE_ABI
