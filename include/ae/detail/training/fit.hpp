#pragma once

#include <chrono>
#include <optional>

#include "ae/detail/training/fit_job.hpp"
#include "ae/detail/training/resume.hpp"
#include "ae/detail/training/trainer.hpp"

/// The training loop: batch, forward, loss, backward, step, report.
namespace ae::detail {

/// One fit of a network on a source of samples.
template <class Scalar>
class Fit {
 public:
  /// Throws OptionError and ShapeError.
  explicit Fit(const FitJob<Scalar>& job)
      : state_(job.state),
        options_(job.options),
        measure_(job.measure),
        validation_(job.validation),
        split_(split(job.data, job.options.validation_split, job.options.seed)),
        units_(job.parts->loss_units(static_cast<double>(job.scaler.scale()))),
        parts_(job.parts),
        trainer_(job.network, job.state, job.parts, units_, job.code, job.options.seed),
        loader_(split_.train, job.scaler, job.options, *parts_),
        batches_(split_.train.samples(), job.options.batch_size, job.options.order,
                 job.options.seed) {
    start_or_resume(job.data.samples());
  }

  History run() {
    while (at().epoch < options_.epochs && !out_of_patience()) {
      batches_.start(state_.epochs);
      do {
        if (step()) return at().history;
      } while (at().step > 0);
    }
    return finish();
  }

 private:
  using Clock = std::chrono::steady_clock;

  FitPosition<Scalar>& at() { return state_.fit; }

  void start_or_resume(Index samples) {
    if (!options_.resume) state_.average = {};
    if (!options_.resume) state_.fit = {};
    const FitPlan plan = plan_of(options_, samples);
    require_resumable(at(), plan, batches_.size());
    at().plan = plan;
    at().history.reserve(static_cast<std::size_t>(std::min<Index>(options_.epochs, 10'000)));
  }

  /// One step; true if a callback stops the fit.
  bool step() {
    const auto picks = batches_[at().step];
    Progress progress = where();
    const double rate = options_.learning_rate * options_.schedule(progress);
    require<OptionError>(std::isfinite(rate),
                         "fit: expected a finite rate from the schedule, found ", rate,
                         " in epoch ", state_.epochs, ", step ", at().step);
    const double loss =
        trainer_.step(loader_.load(picks, state_.steps, progress.done), rate, at().step);
    const auto count = static_cast<double>(picks.size());
    at().loss_sum += loss * count;
    at().penalty_sum += trainer_.batch_penalty() * count;
    if (options_.ema_decay > 0) average();
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

  /// Moves the average towards the weights, by more while there are few of them. Polyak and
  /// Juditsky, SIAM Journal on Control and Optimization 30, 1992.
  void average() {
    if (state_.average.empty()) state_.average = parameters_of(network());
    const auto count = static_cast<double>(at().epoch * batches_.size() + at().step);
    const double kept = std::min(options_.ema_decay, (1 + count) / (10 + count));
    const auto share = static_cast<Scalar>(1 - kept);
    for_each_parameter(network(), [&](Index layer, Index p, const auto& parameter) {
      auto mean = state_.average(layer, p);
      for (Index j = 0; j < mean.cols(); ++j) {
        for (Index i = 0; i < mean.rows(); ++i) {
          mean(i, j) += share * (parameter.value(i, j) - mean(i, j));
        }
      }
    });
  }

  void end_epoch(double rate) {
    trainer_.require_finite(batches_.size() - 1);
    const auto picked = static_cast<double>(batches_.picked());
    EpochReport report{.epoch = state_.epochs,
                       .data_loss = units_ * at().loss_sum / picked,
                       .penalty = trainer_.weight_penalty() + at().penalty_sum / picked,
                       .learning_rate = rate,
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
    if (!validation_ && split_.validation.samples() == 0) return;
    if (options_.ema_decay > 0) swap_parameters(network(), state_.average);
    report.validation = measure_(validation_ ? *validation_ : SourceRef<Scalar>(split_.validation));
    if (options_.patience > 0 && report.validation < at().best_loss) {
      at().best_loss = report.validation;
      at().best_epoch = at().epoch;
      at().best = parameters_of(network());
    }
    if (options_.ema_decay > 0) swap_parameters(network(), state_.average);
  }

  /// Counts from the state alone, so that a fit that was stopped here ends here too.
  bool out_of_patience() {
    return options_.patience > 0 && at().epoch - 1 - at().best_epoch >= options_.patience;
  }

  /// Leaves the network with the best weights, if there are such, or their average.
  History finish() {
    if (!state_.average.empty()) swap_parameters(network(), state_.average);
    if (!at().best.empty()) swap_parameters(network(), at().best);
    state_.average = {};
    History history = std::move(at().history);
    state_.fit = {};
    return history;
  }

  double seconds() const { return std::chrono::duration<double>(Clock::now() - start_).count(); }

  TrainableNetwork<Scalar>& network() { return trainer_.network(); }

  TrainingState<Scalar>& state_;
  const FitOptions& options_;
  FunctionRef<double(const SourceRef<Scalar>&)> measure_;
  std::optional<SourceRef<Scalar>> validation_;
  Split<SourceRef<Scalar>> split_;
  double units_;
  std::shared_ptr<TrainingParts<Scalar>> parts_;
  Trainer<Scalar> trainer_;
  DataLoader<Scalar> loader_;
  BatchSampler batches_;
  Clock::time_point start_ = Clock::now();
};

/// Trains the network to give its input back. `state` goes on where an earlier fit stopped; `code`
/// is the layer whose output is the code. Throws OptionError, ShapeError, and DivergenceError when
/// the loss stops being finite: then network and state are back as they were at the latest start of
/// an epoch that had a finite loss.
template <class Scalar>
History fit(const FitJob<Scalar>& job) {
  require_valid(job);
  return Fit<Scalar>(job).run();
}

/// The same for a network, a source and parts of known types.
template <class Network, class Data, class... Parts, class Measure,
          class Scalar = typename Network::Scalar>
History fit(Network& network, TrainingState<Scalar>& state, const Scaler<Scalar>& scaler,
            const Data& data, const FitOptions& options, const FitParts<Parts...>& parts,
            Index code, const Measure& measure) {
  FitJob<Scalar> job{trainable_with<FitParts<Parts...>>(network),
                     state,
                     scaler,
                     SourceRef<Scalar>(data),
                     options,
                     typed_parts<Scalar>(parts),
                     code,
                     measure,
                     {}};
  if constexpr (FitParts<Parts...>::template has<kind::Validation>) {
    const auto& validation = as_source(parts.template get<kind::Validation>().data);
    job.validation.emplace(validation);
    return fit(job);
  } else {
    return fit(job);
  }
}

}  // namespace ae::detail
