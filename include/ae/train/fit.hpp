#pragma once

#include <chrono>
#include <optional>

#include "ae/data/loader.hpp"
#include "ae/data/subset.hpp"
#include "ae/train/options.hpp"
#include "ae/train/step.hpp"

/// The training loop: batch, forward, loss, backward, step, report.
namespace ae {

/// One fit of a network on a source of samples. `measure(source)` is the loss of samples as the
/// model's user would measure it.
template <class Network, Source Data, class Recipe, class Measure>
class Fit {
 public:
  using Scalar = typename Network::Scalar;

  Fit(Network& network, TrainingState<Scalar>& state, const Scaler<Scalar>& scaler,
      const Data& data, const FitOptions& options, const Recipe& recipe, Index code,
      const Measure& measure)
      : network_(network),
        state_(state),
        scaler_(scaler),
        options_(options),
        recipe_(recipe),
        measure_(measure),
        split_(split(data, options.validation_split, options.seed)),
        batches_(split_.train.samples(), options.batch_size, options.order, options.seed),
        units_(recipe.loss().units(static_cast<double>(scaler.scale()))),
        trainer_(network, state, recipe, units_, code, options.seed) {
    if (!options.resume) state.fit = {};
    if (!options.resume) state.average = {};
  }

  History run() {
    while (at().epoch < options_.epochs && !stopped_early_) {
      batches_.start(state_.epochs);
      do {
        if (step()) return at().history;
      } while (at().step > 0);
    }
    return finish();
  }

 private:
  using Clock = std::chrono::steady_clock;

  static constexpr bool denoising = Recipe::template has<kind::Corruption>;
  static constexpr bool has_validation = Recipe::template has<kind::Validation>;

  FitPosition<Scalar>& at() { return state_.fit; }

  /// One step; true if a callback stops the fit.
  bool step() {
    const auto picks = batches_[at().step];
    Progress progress = where();
    const double rate = options_.rate * options_.schedule(progress);
    require<OptionError>(std::isfinite(rate),
                         "fit: expected a finite rate from the schedule, found ", rate,
                         " in epoch ", state_.epochs, ", step ", at().step);
    const double loss = learn(load(picks, progress.done), rate);
    const auto count = static_cast<double>(picks.size());
    at().loss_sum += loss * count;
    at().penalty_sum += trainer_.batch_penalty() * count;
    if (options_.average > 0) average();
    progress.epoch_ended = ++at().step == batches_.size();
    if (progress.epoch_ended) end_epoch(rate);
    ++progress.step;
    progress.done = static_cast<double>(progress.step) / static_cast<double>(progress.steps);
    progress.seconds = seconds();
    progress.history = at().history;
    for (const Callback& callback : options_.callbacks) callback(progress);
    return progress.stop;
  }

  Progress where() {
    const Index done = at().epoch * batches_.size() + at().step;
    const Index steps = options_.epochs * batches_.size();
    return {.epoch = at().epoch,
            .epochs = options_.epochs,
            .step = done,
            .steps = steps,
            .done = (static_cast<double>(done) + 0.5) / static_cast<double>(steps),
            .seconds = seconds(),
            .history = at().history};
  }

  /// Reads, augments, corrupts and scales the picked samples.
  Batch<Scalar> load(std::span<const Index> picks, double done) {
    const auto count = static_cast<Index>(picks.size());
    MatrixRef<Scalar> x = room_.input(split_.train.features(), count);
    if constexpr (denoising) target_.resize(x.rows(), count);
    const auto step = static_cast<std::uint32_t>(state_.steps);
    const auto change = [&](MatrixRef<Scalar> part, Index first) {
      const auto index = static_cast<std::uint64_t>(first * part.rows());
      if constexpr (Recipe::template has<kind::Augmentation>) {
        recipe_.template get<kind::Augmentation>().augment(
            part, Random(options_.seed, Purpose::augment, step), index);
      }
      if constexpr (denoising) {
        MatrixRef<Scalar> clean = target_.middleCols(first, part.cols());
        clean = part;
        scaler_.scale(clean);
        recipe_.template get<kind::Corruption>().corrupt(
            part, Random(options_.seed, Purpose::corrupt, step), index);
      }
    };
    load_batch(split_.train, scaler_, picks, x, change);
    numbers_.clear();
    for (const Index pick : picks) numbers_.push_back(split_.train.number(pick));
    return {.x = x, .target = target(x), .weights = weights(), .done = done, .samples = numbers_};
  }

  ConstMatrixRef<Scalar> target(const MatrixRef<Scalar>& x) {
    if constexpr (denoising) return target_;
    return x;
  }

  const Vector<Scalar>* weights() {
    if (options_.sample_weights.empty()) return nullptr;
    weights_.resize(static_cast<Index>(numbers_.size()));
    for (Index i = 0; i < weights_.size(); ++i) {
      const auto number = static_cast<std::size_t>(numbers_[static_cast<std::size_t>(i)]);
      weights_[i] = static_cast<Scalar>(options_.sample_weights[number]);
    }
    return &weights_;
  }

  double learn(const Batch<Scalar>& batch, double rate) {
    const bool clipped = std::isfinite(options_.clip_norm) || std::isfinite(options_.clip_value);
    if (!clipped) return trainer_.step(batch, rate, at().step);
    return trainer_.step(batch, rate, at().step, [&](auto& gradients) {
      gradients.clip_value(options_.clip_value);
      gradients.clip_norm(options_.clip_norm);
    });
  }

  /// Moves the average towards the weights, by more while there are few of them. Polyak and
  /// Juditsky, SIAM Journal on Control and Optimization 30, 1992.
  void average() {
    if (state_.average.empty()) state_.average = parameters_of(network_);
    const auto count = static_cast<double>(at().epoch * batches_.size() + at().step);
    const double kept = std::min(options_.average, (1 + count) / (10 + count));
    for_each_parameter(network_, [&](Index layer, Index p, auto parameter) {
      auto& mean = state_.average(layer, p);
      mean += static_cast<Scalar>(1 - kept) * (parameter.value - mean);
    });
  }

  void end_epoch(double rate) {
    trainer_.require_finite(batches_.size() - 1);
    const auto picked = static_cast<double>(batches_.picked());
    EpochReport report{.epoch = state_.epochs,
                       .data_loss = units_ * at().loss_sum / picked,
                       .penalty = trainer_.weight_penalty() + at().penalty_sum / picked,
                       .rate = rate,
                       .seconds = 0};
    validate(report);
    report.seconds = seconds();
    at().history.push_back(report);
    ++state_.epochs;
    ++at().epoch;
    at().step = 0;
    at().loss_sum = at().penalty_sum = 0;
  }

  /// Measures the weights that the fit would end with, and keeps the best of them.
  void validate(EpochReport& report) {
    if (!has_validation && split_.validation.samples() == 0) return;
    if (options_.average > 0) swap_parameters(network_, state_.average);
    if constexpr (has_validation) {
      report.validation = measure_(as_source(recipe_.template get<kind::Validation>().data));
    } else {
      report.validation = measure_(split_.validation);
    }
    if (options_.patience > 0) {
      if (report.validation < at().best_loss) {
        at().best_loss = report.validation;
        at().best_epoch = at().epoch;
        at().best = parameters_of(network_);
      }
      stopped_early_ = at().epoch - at().best_epoch >= options_.patience;
    }
    if (options_.average > 0) swap_parameters(network_, state_.average);
  }

  /// Leaves the network with the best weights, if there are such, or their average.
  History finish() {
    if (options_.average > 0) swap_parameters(network_, state_.average);
    if (!at().best.empty()) swap_parameters(network_, at().best);
    state_.average = {};
    History history = std::move(at().history);
    state_.fit = {};
    return history;
  }

  double seconds() const { return std::chrono::duration<double>(Clock::now() - start_).count(); }

  Network& network_;
  TrainingState<Scalar>& state_;
  const Scaler<Scalar>& scaler_;
  const FitOptions& options_;
  const Recipe& recipe_;
  const Measure& measure_;
  Split<Data> split_;
  Batches batches_;
  double units_;
  Trainer<Network, Recipe> trainer_;
  bool stopped_early_ = false;
  Workspace<Scalar> room_;      // for what goes in
  Matrix<Scalar> target_;       // features x batch, where it is not what goes in
  Vector<Scalar> weights_;      // of the batch's samples
  std::vector<Index> numbers_;  // of the batch's samples
  Clock::time_point start_ = Clock::now();
};

/// Trains the network to give its input back. `state` goes on where an earlier fit stopped; `code`
/// is the layer whose output is the code. Throws OptionError, ShapeError, and DivergenceError when
/// the loss stops being finite: then network and state are back as they were at the latest start of
/// an epoch that had a finite loss.
template <class Network, Source Data, class Recipe, class Measure,
          class Scalar = typename Network::Scalar>
History fit(Network& network, TrainingState<Scalar>& state, const Scaler<Scalar>& scaler,
            const Data& data, const FitOptions& options, const Recipe& recipe, Index code,
            const Measure& measure) {
  constexpr bool has_validation = Recipe::template has<kind::Validation>;
  require_samples(data, input_size(network), "fit");
  require_valid(options, data.samples(), has_validation || options.validation_split > 0);
  require<OptionError>(!has_validation || options.validation_split == 0,
                       "fit: expected validation data or a validation_split, found both");
  return Fit(network, state, scaler, data, options, recipe, code, measure).run();
}

/// One step on samples of a stream (features x batch), augmented and corrupted as the recipe says.
/// Returns their mean loss before it, in the units of the data. Throws as `fit` does.
template <class Network, class Recipe, class Scalar = typename Network::Scalar>
double partial_fit(Network& network, TrainingState<Scalar>& state, const Scaler<Scalar>& scaler,
                   const ConstMatrixRef<Scalar>& x, double rate, const Recipe& recipe, Index code) {
  const FitOptions options{.epochs = 1,
                           .batch_size = std::max<Index>(1, x.cols()),
                           .rate = rate,
                           .order = Order::running};
  const auto unmeasured = [](const auto&) { return 0.0; };
  return fit(network, state, scaler, MatrixSource<Scalar>(x), options, recipe, code, unmeasured)
      .front()
      .data_loss;
}

}  // namespace ae
