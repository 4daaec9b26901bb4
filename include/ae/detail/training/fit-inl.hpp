#pragma once

#include "ae/detail/core/abi.hpp"

#include <chrono>

#include "ae/detail/parts/loss_domain.hpp"
#include "ae/detail/training/batch_parts.hpp"
#include "ae/detail/training/data_loader.hpp"
#include "ae/detail/training/fit.hpp"
#include "ae/detail/training/fit_watch.hpp"
#include "ae/detail/training/resume.hpp"
#include "ae/detail/training/trainer.hpp"
#include "ae/parts/activation.hpp"

/// The training loop: batch, forward, loss, backward, step, report.
namespace ae::inline AE_ABI::detail {

/// Throws OptionError where a loss takes logits and the last layer of the network is not linear.
template <class Scalar>
void require_linear_output(const FitJob<Scalar>& job) {
  if (job.parts->link() == Link::identity) return;
  const std::string_view name = job.network.layers.back().name;
  for (const std::string_view bent :
       {Sigmoid::name, Tanh::name, Softplus::name, Relu::name, LeakyRelu::name, Elu::name,
        Selu::name, Gelu::name, Silu::name}) {
    require<OptionError>(name != bent, "fit: expected a last layer that is linear, since the loss ",
                         "takes logits and the model makes probabilities of them, found ", name);
  }
}

/// Throws OptionError and ShapeError for data or options that do not fit.
template <class Scalar>
void require_valid(const FitJob<Scalar>& job) {
  const Index features = job.network.layers.front().inputs;
  require_samples(job.data, features, "fit");
  if (job.validation) require_samples(*job.validation, features, "validation");
  require_valid(job.options, job.data.samples(),
                job.validation || job.options.validation_split > 0);
  require_linear_output(job);
  require<OptionError>(
      std::is_same_v<Scalar, float> || job.options.precision == Precision::full,
      "fit: expected a model of float for Precision::bfloat16, found one of double");
  require<OptionError>(!job.validation || job.options.validation_split == 0,
                       "fit: expected validation data or a validation_split, found both");
}

/// All samples, of all processes.
template <class Scalar>
Index samples_of(const FitJob<Scalar>& job) {
  const Index mine = job.data.samples();
  if (job.peers == nullptr || job.peers->has_whole_data()) return mine;
  double all = static_cast<double>(mine);
  job.peers->add_up(std::span(&all, 1));
  return static_cast<Index>(all);
}

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
        code_(job.code),
        watch_(code_ < 0 ? 0 : job.network.layers[static_cast<std::size_t>(code_)].outputs),
        peers_(job.peers) {
    trainer_.set_precision(job.options.precision);
    ahead_ = job.data.read_ahead();
    start_or_resume(samples_of(job));
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
    if (ahead_) read_ahead();
    Progress progress = where();
    const StepSums means = peers_ ? step_together(part, progress) : step_alone(part, progress);
    const auto count = static_cast<double>(part.all);
    at().loss_sum += means.loss * count;
    at().penalty_sum += means.penalty * count;
    if (options_.ema_decay > 0) average();
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

  /// Has samples read that come soon: those of the next two steps; or, of blocks, as many as a
  /// window has, in file order, one window before they are needed.
  void read_ahead() {
    const bool in_blocks = options_.order == Order::blocks;
    const auto& [samples, blocks] = options_.blocks;
    const Index all = batches_.picked();
    const bool fits = in_blocks && blocks < all / samples;
    const Index steps =
        in_blocks ? ceil_div(fits ? blocks * samples : all, options_.batch_size) : 1;
    const Index ahead = in_blocks ? steps : 2, now = at().step;
    if (now % steps != 0) return;
    if (now == 0) want(1, ahead);
    want(now + ahead, now + ahead + steps);
  }

  void want(Index from, Index to) {
    std::vector<Index> numbers;
    for (Index step = from; step < std::min(to, batches_.size()); ++step) {
      for (const Index pick : batches_[step].picks) numbers.push_back(split_.train.number(pick));
    }
    std::sort(numbers.begin(), numbers.end());
    if (!numbers.empty()) ahead_->want(std::move(numbers));
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
    watch_.see(loss, batch.target);
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
    report.validation = measured(validation_ ? *validation_ : SourceRef<Scalar>(split_.validation));
    if (options_.patience > 0 && report.validation < at().best_loss) {
      at().best_loss = report.validation;
      at().best_epoch = at().epoch;
      at().best = parameters_of(network());
    }
    if (options_.ema_decay > 0) swap_parameters(network(), state_.average);
  }

  /// The loss of samples, each process measuring its part of them; all of them, where values may be
  /// missing, since the parts then weigh otherwise.
  double measured(const SourceRef<Scalar>& samples) {
    if (!peers_ || (peers_->has_whole_data() && scaler_.missing() == Missing::allowed)) {
      return measure_(samples);
    }
    const Range part = peers_->has_whole_data()
                           ? part_of(samples.samples(), peers_->rank(), peers_->ranks())
                           : Range{0, samples.samples()};
    std::vector<Index> picks(static_cast<std::size_t>(part.size));
    std::iota(picks.begin(), picks.end(), part.first);
    double sums[] = {0, static_cast<double>(part.size)};  // of the losses, and how many there are
    peers_->together([&] {
      const Subset<SourceRef<Scalar>> some(samples, picks);
      if (part.size > 0) sums[0] = sums[1] * measure_(SourceRef<Scalar>(some));
      return false;
    });
    peers_->add_up(sums);
    return sums[0] / sums[1];
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
      at().latest = parameters_of(network());
      set_parameters(network(), left);
    }
    return at().history;
  }

  /// Leaves the network with the best weights, if there are such, or their average.
  History finish() {
    if (peers_) watch_.merge(*peers_);
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
  Index code_;
  FitWatch<Scalar> watch_;
  Peers<Scalar>* peers_;
  std::unique_ptr<ReadAhead> ahead_;
  Clock::time_point start_ = Clock::now();
};

template <class Scalar>
void fit_scaler(Scaler<Scalar>& scaler, const SourceRef<Scalar>& data, const FitOptions& options) {
  if (!options.scaling) return;
  scaler = Scaler<Scalar>::fit(split(data, options.validation_split, options.seed).train,
                               *options.scaling, scaler.missing());
}

/// Before anything is learnt: throws DataError for samples that the loss does not take.
template <class Scalar>
void require_targets(const FitJob<Scalar>& job) {
  const TargetRange range = job.parts->targets();
  if (std::isinf(range.lowest) && std::isinf(range.highest)) return;
  for_each_chunk<Scalar>(job.data, [&](const MatrixRef<Scalar>& x, Index first) {
    job.scaler.scale(x);
    require_targets(x, range, "fit", [&](Index j) { return first + j; });
  });
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
