#pragma once

#include <chrono>
#include <exception>
#include <functional>
#include <limits>

#include "ae/data/batches.hpp"
#include "ae/data/scaler.hpp"
#include "ae/train/history.hpp"
#include "ae/train/schedule.hpp"
#include "ae/train/step.hpp"

/// The training loop: batch, forward, loss, backward, step, report.
namespace ae {

struct FitOptions {
  Index epochs = 100;
  Index batch_size = 150;
  double rate = 1e-3;
  Schedule schedule = constant();
  Order order = Order::shuffled;
  double clip_norm = std::numeric_limits<double>::infinity();  ///< of all gradients together
  std::uint64_t seed = 0;
  std::function<void(const EpochReport&)> on_epoch = {};
  std::function<void(const Progress&)> on_step = {};
};

/// Throws OptionError for an option outside its range.
inline void require_valid(const FitOptions& options) {
  require<OptionError>(options.epochs > 0 && options.epochs <= 1'000'000'000,
                       "fit: expected from 1 to 1,000,000,000 epochs, found ", options.epochs);
  require<OptionError>(std::isfinite(options.rate) && options.rate > 0,
                       "fit: expected a rate above 0, found ", options.rate);
  require<OptionError>(options.clip_norm > 0, "fit: expected a clip_norm above 0, found ",
                       options.clip_norm);
  require<OptionError>(static_cast<bool>(options.schedule), "fit: the schedule is empty");
}

/// Parts with numbers that have a range check it themselves.
void require_valid_part(const auto& part) {
  if constexpr (requires { part.require_valid(); }) part.require_valid();
}

/// The picked samples in the units of the network, a few at a time on every thread.
template <class Scalar, Source Data>
void read_scaled(const Data& data, const Scaler<Scalar>& scaler, std::span<const Index> picks,
                 MatrixRef<Scalar> x) {
  constexpr Index few = 8;
  std::exception_ptr failure;  // no exception may leave a parallel loop
#ifdef _OPENMP
#pragma omp parallel for
#endif
  for (Index first = 0; first < x.cols(); first += few) {
    try {
      const Index count = std::min(few, x.cols() - first);
      MatrixRef<Scalar> part = x.middleCols(first, count);
      data.read(picks.subspan(static_cast<std::size_t>(first), static_cast<std::size_t>(count)),
                part);
      scaler.scale(part);
    } catch (...) {
#ifdef _OPENMP
#pragma omp critical
#endif
      failure = std::current_exception();
    }
  }
  if (failure) std::rethrow_exception(failure);
}

/// Trains the network to give its input back. `state` goes on where an earlier fit stopped. Throws
/// OptionError, ShapeError, and DivergenceError when the loss stops being finite: then network and
/// state are back as they were at the latest start of an epoch that had a finite loss.
template <class Network, Source Data, Optimizer Opt, Loss Objective, Regularizer Penalty,
          class Scalar = typename Network::Scalar>
History fit(Network& network, TrainingState<Scalar>& state, const Scaler<Scalar>& scaler,
            const Data& data, const FitOptions& options, const Opt& optimizer,
            const Objective& loss, const Penalty& regularizer) {
  require_valid(options);
  require_valid_part(optimizer);
  require_valid_part(regularizer);
  require_samples(data, input_size(network), "fit");
  Batches batches(data.samples(), options.batch_size, options.order, options.seed);
  Workspace<Scalar> batch;

  const Index steps = options.epochs * batches.size();
  const double units = loss.units(static_cast<double>(scaler.scale()));
  Trainer trainer(network, state, optimizer, loss, regularizer, units);
  const auto start = std::chrono::steady_clock::now();
  const auto seconds = [&] {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  };

  History history;
  history.reserve(static_cast<std::size_t>(std::min<Index>(options.epochs, 10'000)));
  Index step = 0;
  for (Index epoch = 0; epoch < options.epochs; ++epoch) {
    batches.start(state.epochs);
    double sum = 0, rate = 0;
    for (Index i = 0; i < batches.size(); ++i) {
      const auto picks = batches[i];
      MatrixRef<Scalar> x = batch.input(data.features(), static_cast<Index>(picks.size()));
      read_scaled(data, scaler, picks, x);
      const double done = (static_cast<double>(step) + 0.5) / static_cast<double>(steps);
      rate = options.rate * options.schedule(done);
      require<OptionError>(std::isfinite(rate),
                           "fit: expected a finite rate from the schedule, found ", rate,
                           " in epoch ", state.epochs, ", step ", i);
      const double loss_of_batch = std::isinf(options.clip_norm)
                                       ? trainer.step(x, rate, i)
                                       : trainer.step(x, rate, i, [&](auto& gradients) {
                                           gradients.clip_norm(options.clip_norm);
                                         });
      sum += loss_of_batch * static_cast<double>(x.cols());
      ++step;
      if (options.on_step) options.on_step({step, steps, seconds()});
    }
    trainer.require_finite(batches.size() - 1);
    history.push_back({.epoch = state.epochs++,
                       .data_loss = units * sum / static_cast<double>(batches.picked()),
                       .penalty = trainer.penalty(),
                       .rate = rate,
                       .seconds = seconds()});
    if (options.on_epoch) options.on_epoch(history.back());
  }
  return history;
}

}  // namespace ae
