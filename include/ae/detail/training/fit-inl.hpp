#pragma once

#include "ae/detail/core/abi.hpp"

#include <chrono>

#include "ae/detail/training/batch_parts.hpp"
#include "ae/detail/training/batches_ahead.hpp"
#include "ae/detail/training/data_loader.hpp"
#include "ae/detail/training/fit.hpp"
#include "ae/detail/training/fit_checks.hpp"
#include "ae/detail/training/fit_watch.hpp"
#include "ae/detail/training/measure_together.hpp"
#include "ae/detail/training/resume.hpp"
#include "ae/detail/training/trainer.hpp"
#include "ae/detail/training/weight_average.hpp"

/// The training loop: batch, forward, loss, backward, step, report.
namespace ae::inline AE_ABI::detail {

/// One fit of a network on a source of samples.
template <class Scalar>
class Fit {
 public:
  /// Throws OptionError and ShapeError.
  explicit Fit(const FitJob<Scalar>& job)
      : state_(job.state),
        options_(job.options),
        scaler_(job.scaler),
        measure_(job.measure),
        validation_(job.validation),
        after_epoch_(job.after_epoch),
        split_(split(job.data, job.options.validation_split, job.options.seed)),
        units_(job.parts->loss_units(static_cast<double>(job.scaler.unit()))),
        parts_(job.parts),
        trainer_(job.network, job.state, job.parts, units_, job.code, job.options.seed),
        loader_(split_.train, job.scaler, job.options, *parts_),
        batches_(split_.train.samples(), job.options, job.peers),
        ahead_(job.data.read_ahead(), job.options, batches_, split_.train),
        code_(job.code),
        watch_(code_ < 0 ? 0 : job.network.layers[static_cast<std::size_t>(code_)].outputs),
        peers_(job.peers) {
    require_large_batches();
    trainer_.set_precision(job.options.precision);
    start_or_resume(all_samples(job.data.samples(), job.peers));
  }

  History run() {
    while (at().epoch < options_.epochs && !out_of_patience()) {
      batches_.start(state_.epochs);
      do {
        if (step()) return stopped();
      } while (at().step > 0);
    }
    return finish();
  }

 private:
  using Clock = std::chrono::steady_clock;

  FitPosition<Scalar>& at() { return state_.fit; }

  /// The last batch of an epoch is the smallest.
  void require_large_batches() {
    const Index least = network().least_batch, found = batches_[batches_.size() - 1].all;
    require<OptionError>(found >= least, "fit: expected batches of at least ", least,
                         " samples for layers with batch normalisation, found one of ", found, ": ",
                         batches_.picked(), " samples in batches of ", options_.batch_size);
  }

  void start_or_resume(Index samples) {
    if (!options_.resume) state_.average = {};
    if (!options_.resume) state_.fit = {};
    if (!at().latest.empty()) set_parameters(network(), at().latest);
    at().latest = {};
    if (after_epoch_ && !at().history.empty()) after_epoch_(at().history.back().data_loss);
    const FitPlan plan = plan_of(options_, samples);
    require_resumable(at(), plan, batches_.size());
    at().plan = plan;
    at().history.reserve(static_cast<std::size_t>(std::min<Index>(options_.epochs, 10'000)));
  }

  /// One step; true if a callback stops the fit.
  bool step() {
    const BatchPart part = batches_[at().step];
    ahead_.before(at().step);
    Progress progress = where();
    const StepSums means = peers_ ? step_together(part, progress) : step_alone(part, progress);
    const auto count = static_cast<double>(part.all);
    at().loss_sum += means.loss * count;
    at().penalty_sum += means.penalty * count;
    if (options_.ema_decay > 0) {
      const Index before = at().epoch * batches_.size() + at().step;
      move_average(state_.average, network(), options_.ema_decay, before);
    }
    progress.epoch_ended = ++at().step == batches_.size();
    if (progress.epoch_ended) end_epoch(means.rate);
    ++progress.step;
    progress.done = static_cast<double>(progress.step) / static_cast<double>(progress.steps);
    progress.seconds = seconds();
    progress.history = at().history;
    if (peers_ && peers_->is_due(progress)) peers_->complete(state_);
    return together(peers_, [&] {
      for (const Callback& callback : options_.callbacks) callback(progress);
      return progress.stop;
    });
  }

  double rate_at(const Progress& progress) {
    const double rate = options_.learning_rate * options_.schedule(progress);
    require<OptionError>(std::isfinite(rate),
                         "fit: expected a finite rate from the schedule, found ", rate,
                         " in epoch ", state_.epochs, ", step ", at().step);
    return rate;
  }

  Batch<Scalar> load(const BatchPart& part, double done) {
    Batch<Scalar> batch = loader_.load(part.picks, state_.steps, done, part.first);
    require_targets(batch.target, parts_->targets(), "fit",
                    [&](Index j) { return batch.samples[static_cast<std::size_t>(j)]; });
    if (state_.steps == 0 && scaler_.is_identity()) warn_of_scale(batch.x);
    return batch;
  }

  /// The loss and the penalty of the batch, and the rate that was used.
  StepSums step_alone(const BatchPart& part, const Progress& progress) {
    const double rate = rate_at(progress);
    const Batch<Scalar> batch = load(part, progress.done);
    const double loss = trainer_.step(batch, rate, at().step);
    watch(loss, batch);
    return {.loss = loss, .penalty = trainer_.batch_penalty(), .rate = rate};
  }

  /// The same; the rate is that of process 0.
  StepSums step_together(const BatchPart& part, const Progress& progress) {
    double rate = 0;
    std::optional<Batch<Scalar>> batch;
    const auto load_part = [&] {
      if (peers_->rank() == 0) rate = rate_at(progress);
      if (part.picks.empty()) return batch;
      batch.emplace(load(part, progress.done));
      batch->share = static_cast<double>(part.picks.size()) / static_cast<double>(part.all);
      batch->elements = static_cast<double>(part.all) * static_cast<double>(batch->target.rows());
      return batch;
    };
    const bool may_miss = scaler_.missing() == Missing::allowed;
    const StepSums means = peers_->step(trainer_, load_part, rate, at().step, may_miss);
    if (batch) watch(means.loss, *batch);
    return means;
  }

  void watch(double loss, const Batch<Scalar>& batch) {
    watch_.see_step(loss, batch.target);
    if (at().epoch + 1 == options_.epochs && code_ >= 0) {
      watch_.see_codes(linalg::const_view(trainer_.output(code_)));
    }
  }

  /// Of the first batch that a model learns from.
  void warn_of_scale(linalg::ConstView<Scalar> x) const {
    const double scale =
        std::sqrt(static_cast<double>(x.squaredNorm()) / static_cast<double>(x.size()));
    if (!options_.warn || !(scale > 10)) return;
    options_.warn(
        text("fit: expected data of a scale about 1, or a scaler, found a root mean square of ",
             scale, " and no scaler; FitOptions::scaling = Scaling::standard fits one"));
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

  void end_epoch(double rate) {
    if (peers_) peers_->require_same_weights(network());
    trainer_.require_finite(batches_.size() - 1);
    const auto picked = static_cast<double>(batches_.picked());
    EpochReport report{.epoch = state_.epochs,
                       .data_loss = units_ * at().loss_sum / picked,
                       .penalty = trainer_.weight_penalty() + at().penalty_sum / picked,
                       .learning_rate = rate,
                       .seconds = 0};
    if (after_epoch_) after_epoch_(report.data_loss);
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
    const bool may_miss = scaler_.missing() == Missing::allowed;
    report.validation =
        measure_together(validation_ ? *validation_ : SourceRef<Scalar>(split_.validation),
                         measure_, peers_, may_miss);
    if (options_.patience > 0 && report.validation < at().best_loss) {
      at().best_loss = report.validation;
      at().best_epoch = at().epoch;
      at().best = copy_parameters(network());
    }
    if (options_.ema_decay > 0) swap_parameters(network(), state_.average);
  }

  /// Counts from the state alone, so that a fit that was stopped here ends here too.
  bool out_of_patience() {
    return options_.patience > 0 && at().epoch - 1 - at().best_epoch >= options_.patience;
  }

  /// The same with a copy, since the fit may go on.
  History stopped() {
    if (peers_) peers_->complete(state_);
    const PerParameter<Scalar>& left = at().best.empty() ? state_.average : at().best;
    if (!left.empty()) {
      at().latest = copy_parameters(network());
      set_parameters(network(), left);
    }
    return at().history;
  }

  /// Leaves the network with the best weights, if there are such, or their average.
  History finish() {
    if (peers_) watch_.merge_codes(*peers_);
    if (!at().history.empty()) watch_.report(at().history.back().data_loss / units_, options_.warn);
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
  const Scaler<Scalar>& scaler_;
  FunctionRef<double(const SourceRef<Scalar>&)> measure_;
  std::optional<SourceRef<Scalar>> validation_;
  std::function<void(double)> after_epoch_;
  Split<SourceRef<Scalar>> split_;
  double units_;
  std::shared_ptr<TrainingParts<Scalar>> parts_;
  Trainer<Scalar> trainer_;
  DataLoader<Scalar> loader_;
  BatchParts<Scalar> batches_;
  BatchesAhead<Scalar> ahead_;
  Index code_;
  FitWatch<Scalar> watch_;
  Peers<Scalar>* peers_;
  Clock::time_point start_ = Clock::now();
};

template <class Scalar>
void fit_scaler(Scaler<Scalar>& scaler, const SourceRef<Scalar>& data, const FitOptions& options) {
  if (!options.scaling) return;
  scaler = Scaler<Scalar>::fit(split(data, options.validation_split, options.seed).train,
                               *options.scaling, scaler.missing());
}

template <class Scalar>
History fit(const FitJob<Scalar>& job) {
  if (job.peers) job.peers->agree_on(job);
  together(job.peers, [&] {
    require_valid(job);
    // What a split throws on one process alone must be thrown before they work together.
    if (job.peers) split(job.data, job.options.validation_split, job.options.seed);
    return false;
  });
  const FitPosition<Scalar>& at = job.state.fit;
  const bool goes_on = job.options.resume && (at.epoch > 0 || at.step > 0);
  const Scaler<Scalar> before = job.scaler;
  const Index steps = job.state.steps;
  try {
    const bool joint = job.peers && !job.peers->has_whole_data();
    if (!goes_on && joint) job.peers->fit_scaler(job.scaler, job.data, job.options);
    together(job.peers, [&] {
      if (!goes_on && !joint) fit_scaler(job.scaler, job.data, job.options);
      require_targets(job);
      return false;
    });
    return Fit<Scalar>(job).run();
  } catch (...) {
    if (job.state.steps == steps) job.scaler = before;  // the weights are what they were, too
    throw;
  }
}

}  // namespace ae::inline AE_ABI::detail
