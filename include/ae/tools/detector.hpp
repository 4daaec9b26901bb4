#pragma once

#include "ae/detail/core/abi.hpp"

#include <filesystem>

#include "ae/data/table.hpp"
#include "ae/io/model_file.hpp"
#include "ae/models/stacked_autoencoder.hpp"
#include "ae/tools/masked_prediction.hpp"
#include "ae/tools/nearest_neighbors.hpp"

namespace ae::inline AE_ABI {

/// What is odd about a sample: what each of its values was expected to be, given the others, and
/// what share of the network's score it has. All (features x samples), in the units of the data.
/// ~~~{.cpp}
/// const ae::Explanation why = detector.explain(rows);
/// ae::Index oddest;  // feature of the first sample
/// why.shares.col(0).maxCoeff(&oddest);
/// ~~~
struct Explanation {
  Matrix<double> expected;
  Matrix<double> shares;  ///< the sum over the features of a sample is 1; 0 where nothing differs
};

/// The same of a table: what share of the network's score each column has, a categorical one as a
/// whole.
/// ~~~{.cpp}
/// const auto why = detector.explain(ae::Table::read("new.csv", *detector.schema()));
/// std::cout << why.columns.front() << " has a share of " << why.shares(0, 0) << '\n';
/// ~~~
struct TableExplanation {
  std::vector<std::string> columns;  ///< the names of those that make features
  Matrix<double> expected;           ///< features x samples, as in Explanation
  Matrix<double> shares;             ///< columns x samples; the sum over a sample's is 1, or 0
};

/// What a `Detector` is asked for; all of it may be left as it is.
/// ~~~{.cpp}
/// const auto detector = ae::Detector::fit(rows, {.false_alarms = 0.001, .seed = 1});
/// ~~~
struct DetectorOptions {
  /// The share of normal samples that may be taken for anomalies; of n held-out samples no less
  /// than 1 / (n + 1) can be told.
  double false_alarms = 0.01;
  Missing missing = Missing::refused;  ///< what a NaN is
  Index neighbors = 5;  ///< whose distance counts beside the network's score; 0: it alone counts
  std::uint64_t seed = 0;
  std::vector<Callback> callbacks = {};
};

/// Finds samples that are not like normal ones, with nothing to choose: it is given normal samples,
/// and tells of others how odd they are, with what probability a normal sample is as odd, and why.
/// ~~~{.cpp}
/// const auto detector = ae::Detector::fit(rows);            // normal ones: features x samples
/// const ae::Vector<double> p = detector.p_values(samples);  // small: odd
/// detector.save("detector.safetensors");
/// ~~~
/// The rules: features are scaled by their mean and deviation, and kept within 20 deviations. A
/// network d-256-128-256-d with ELU learns to give back samples of which 30 % of the values are
/// masked, by 3,000 steps of 128 samples (more for more than 384,000) of AdamW with a rate of 0.003
/// that falls along a cosine. A fifth of the samples, at most 1,000, are held out: on these the
/// detector is calibrated. Each value is predicted from the others, which 8 masks hide by turns
/// (`predict_masked`); the squared error, divided by its mean over the held-out samples, and
/// averaged over the features, is the network's score. To its logarithm, standardised on the
/// held-out samples, that of the distance to the fifth neighbor among the normal samples (at most
/// 2,000 of them) is added. A value that is missing counts for nothing; in a distance it is as the
/// network expects it. The features of a categorical column are masked together, and count as one.
class Detector {
 public:
  /// Normal samples (features x samples), or a source of them, `Windows` of a series for instance,
  /// which is read again and again and never kept as a whole. Throws ShapeError for fewer than 10,
  /// OptionError, and DataError for values that are not finite.
  static Detector fit(const ConstMatrixRef<double>& x, const DetectorOptions& options = {}) {
    return fit(detail::MatrixSource<double>(x), options);
  }
  template <Source<double> Data>
  static Detector fit(const Data& data, const DetectorOptions& options = {}) {
    return of(detail::SourceRef<double>(data), {}, options);
  }

  /// The normal samples of a table: those whose label says otherwise are left out, and what is
  /// missing is allowed to be. Keeps the schema. Throws as the others.
  static Detector fit(const Table& table, DetectorOptions options = {});

  /// What the columns of its tables are; none if it was fitted to no table.
  const std::optional<Schema>& schema() const { return schema_; }

  Index features() const { return model_.features(); }

  /// How odd each sample of a matrix (features x samples) or a source is: about 0 for normal ones,
  /// the higher the odder. Throws ShapeError and DataError.
  Vector<double> score(const ConstMatrixRef<double>& x) const { return score(x, 0); }
  template <Source<double> Data>
  Vector<double> score(const Data& data) const {
    Vector<double> all(data.samples());
    detail::for_each_chunk<double>(data, [&](const MatrixRef<double>& x, Index first) {
      all.segment(first, x.cols()) = score(x, first);
    });
    return all;
  }

  /// The chance that a normal sample is at least as odd: the share of the held-out samples and the
  /// sample itself that are. Vovk, Gammerman and Shafer, "Algorithmic learning in a random world",
  /// 2005; Bates, Candes, Lei, Romano and Sesia, "Testing for outliers with conformal p-values",
  /// Annals of Statistics 51, 2023. Throws as `score`.
  Vector<double> p_values(const ConstMatrixRef<double>& x) const { return p_values_of(score(x)); }
  template <Source<double> Data>
  Vector<double> p_values(const Data& data) const {
    return p_values_of(score(data));
  }

  /// The same of scores that `score` gave.
  Vector<double> p_values_of(const Vector<double>& scores) const;

  /// Which samples score above the threshold. Throws as `score`.
  Eigen::Array<bool, Eigen::Dynamic, 1> anomalies(const ConstMatrixRef<double>& x) const {
    return !(score(x).array() <= threshold());
  }
  template <Source<double> Data>
  Eigen::Array<bool, Eigen::Dynamic, 1> anomalies(const Data& data) const {
    return !(score(data).array() <= threshold());
  }

  /// What is odd about each sample. Throws as `score`.
  Explanation explain(const ConstMatrixRef<double>& x) const;

  // The same of tables that were read by its schema. They throw OptionError for others, too.
  Vector<double> score(const Table& table) const { return score(values_of(table)); }
  Vector<double> p_values(const Table& table) const { return p_values(values_of(table)); }
  Eigen::Array<bool, Eigen::Dynamic, 1> anomalies(const Table& table) const {
    return anomalies(values_of(table));
  }
  TableExplanation explain(const Table& table) const;

  double threshold() const { return threshold_; }

  /// Throws OptionError for a threshold that is not finite.
  void set_threshold(double threshold);

  /// The scores of the held-out samples, from the lowest to the highest.
  const Vector<double>& clean_scores() const { return clean_scores_; }

  /// Takes other scores of normal samples in their place, those of new samples or what a
  /// `RunningCalibration` has: p-values and threshold are then what these say. Throws ShapeError
  /// for none, DataError for one that is not finite, and OptionError unless the share of false
  /// alarms is above 0 and below 1.
  void recalibrate(Vector<double> clean_scores, double false_alarms = 0.01);

  /// The network with its scaler, which takes and gives samples in the units of the data. It has
  /// no threshold, because the detector's is for the detector's score, not for that of `ae::score`.
  const StackedAutoencoder<float>& model() const { return model_; }

  /// Writes all of it; the file is whole, or as it was before. Throws FileError.
  void save(const std::filesystem::path& path) const;

  /// Throws FileError for a file that `save` did not write.
  static Detector load(const std::filesystem::path& path);

 private:
  /// Logarithms of a score, standardised.
  struct Standard {
    double mean = 0, deviation = 1;

    static Standard of(const Vector<double>& scores) {
      const Eigen::ArrayXd logs = logarithms(scores);
      const double mean = logs.mean();
      const double deviation = std::sqrt((logs - mean).square().mean());
      return {mean, deviation > 0 ? deviation : 1};
    }
    static Eigen::ArrayXd logarithms(const Vector<double>& scores) {
      return (scores.array() + 1e-9).log();
    }
    Eigen::ArrayXd operator()(const Vector<double>& scores) const {
      return (logarithms(scores) - mean) / deviation;
    }
  };

  static constexpr double most_deviations = 20;
  static constexpr Index masks = 8;          // that hide the features by turns
  static constexpr Index most_kept = 2'000;  // normal samples

  explicit Detector(StackedAutoencoder<float> model) : model_(std::move(model)) {}

  static Detector of(const detail::SourceRef<double>& source, const std::optional<Schema>& schema,
                     const DetectorOptions& options);

  const Matrix<double>& values_of(const Table& table) const;

  Matrix<float> enter(const ConstMatrixRef<double>& x, Index first = 0) const;
  Matrix<float> errors(const ConstMatrixRef<double>& x, const Matrix<float>& z) const;
  Matrix<float> filled(const ConstMatrixRef<double>& x, const Matrix<float>& z) const;
  Vector<double> network_score(const ConstMatrixRef<double>& x, const Matrix<float>& z,
                               Index first) const;
  Vector<double> joined(const ConstMatrixRef<double>& x, const Matrix<float>& z, Index neighbor,
                        Index first = 0) const;
  Vector<double> score(const ConstMatrixRef<double>& x, Index first) const;
  void calibrate(const ConstMatrixRef<double>& clean, double false_alarms);

  StackedAutoencoder<float> model_;
  Scaler<double> scaler_;  // of which the model has one that is rounded
  std::optional<Schema> schema_;
  std::vector<Index> groups_;  // of features: which column each belongs to
  Vector<double> spreads_;     // of the squared errors of each feature's column, their mean in
                               // normal samples
  NearestNeighbors<float> normal_;
  Index neighbors_ = 0;
  Standard network_, distance_;
  Vector<double> clean_scores_;
  double threshold_ = 0;
};

}  // namespace ae::inline AE_ABI

#ifndef AE_COMPILED
#include "ae/detail/tools/detector-inl.hpp"
#include "ae/detail/tools/detector_file-inl.hpp"
#include "ae/detail/tools/detector_fit-inl.hpp"
#endif
