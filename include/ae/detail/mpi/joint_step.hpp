#pragma once

#include "ae/detail/core/abi.hpp"

#include <atomic>
#include <bit>
#include <optional>

#include "ae/detail/core/team.hpp"
#include "ae/detail/training/peers.hpp"
#include "ae/detail/training/trainer.hpp"

namespace ae::inline AE_ABI::detail::mpi {

template <class Scalar>
class Ranks;

/// Throws Error unless the weights of all processes have the same bits, as they should: they begin
/// so, and all take the same steps.
template <class Scalar>
void require_same_weights(const TrainableNetwork<Scalar>& network, Ranks<Scalar>& peers) {
  std::uint64_t sum = 0;
  for_each_parameter(network, [&](Index, Index, const auto& parameter) {
    for (Index i = 0; i < parameter.value.size(); ++i) {
      using Word = std::conditional_t<sizeof(Scalar) == 4, std::uint32_t, std::uint64_t>;
      sum = sum * 0x9E3779B97F4A7C15 + std::bit_cast<Word>(parameter.value.data()[i]);
    }
  });
  Vector<double> halves(2);
  halves << static_cast<double>(sum >> 32), static_cast<double>(sum & 0xFFFFFFFF);
  const Matrix<double> all = peers.gather(halves);
  for (Index rank = 1; rank < all.cols(); ++rank) {
    require<Error>(
        all.col(rank) == all.col(0), "fit: expected the same weights on rank ", rank,
        " as on rank 0 at the end of an epoch, found others: are the parts the same, and ",
        "the processors?");
  }
}

/// A step that several processes take together: each stores the gradients of its part of the batch,
/// these are summed while the backward pass goes on, and then all, or each its part, are used. The
/// whole batch's loss and gradients are means over its elements, so parts may be of any size.
template <class Scalar>
class JointStep {
 public:
  using Load = typename Peers<Scalar>::LoadPart;

  JointStep(Trainer<Scalar>& trainer, Ranks<Scalar>& peers, bool may_miss)
      : trainer_(trainer), peers_(peers), may_miss_(may_miss) {}

  /// One step; returns the sums over the batch's parts. Throws on all processes what is thrown on
  /// one, before any parameter changes, and DivergenceError. `load` may set the rate.
  StepSums step(Load load, const double& rate, Index step_of_epoch) {
    Objective<Scalar>& objective = trainer_.objective_;
    PerParameter<Scalar>& gradients = trainer_.gradients_;
    gradients.prepare(trainer_.network());
    peers_.begin_step(gradients, objective.parts().present.clipping.has_value());
    std::exception_ptr failure;
    StepSums sums;
    const std::optional<Batch<Scalar>> batch = forward(load, step_of_epoch, sums, failure);
    sums.rate = rate;
    peers_.post(sums, failure);
    if (batch) {
      backward(*batch);
    } else {
      std::fill(gradients.entries().begin(), gradients.entries().end(), Scalar{0});
    }
    peers_.stored_from(0);
    sums = finished();
    if (!std::isfinite(sums.loss + sums.penalty)) {
      trainer_.diverged(step_of_epoch, trainer_.network().size());
    }
    if (step_of_epoch == 0 || trainer_.rollback_.empty()) {
      trainer_.rollback_.keep(trainer_.network(), trainer_.state_);
    }
    update(sums.rate);
    return sums;
  }

 private:
  std::optional<Batch<Scalar>> forward(Load load, Index step_of_epoch, StepSums& sums,
                                       std::exception_ptr& failure) {
    std::optional<Batch<Scalar>> batch;
    const auto attempt = [&](const auto& work) {
      try {
        if (!failure) work();
      } catch (...) {
        failure = std::current_exception();
        batch.reset();
      }
    };
    attempt([&] {
      if (const auto part = load()) batch.emplace(*part);
    });
    if (may_miss_) {
      const double mine = batch ? elements_of(*batch) : 0;
      const double all = peers_.gather(Vector<double>::Constant(1, mine)).sum();
      if (batch) batch->elements = all;
    }
    attempt([&] {
      if (!batch) return;
      sums.loss = trainer_.forward(*batch, step_of_epoch);
      sums.penalty = batch->share * trainer_.batch_penalty();
    });
    return batch;
  }

  /// Tells the peers of each layer's gradients when those of the layer before it come next.
  void backward(const Batch<Scalar>& batch) {
    Objective<Scalar>& objective = trainer_.objective_;
    PerParameter<Scalar>& gradients = trainer_.gradients_;
    if (objective.tied() || objective.parts().present.contractive) {
      return objective.backward(batch, gradients);  // these are added to at the end
    }
    stores_.resize(most_parameters(trainer_.network()));
    Index stored = trainer_.network().size();
    const auto epilogues = [&](Index layer, Index p) -> linalg::EpilogueRef<Scalar> {
      if (layer + 1 < stored) {
        stored = layer + 1;
        if (trainer_.network().parameters.count(stored) > 0) {
          peers_.stored_from(gradients.first(stored, 0));
        }
      }
      return stores_[static_cast<std::size_t>(p)] = StoreTile<Scalar>(gradients(layer, p));
    };
    objective.backward(batch, GradientEpilogues<Scalar>(epilogues));
  }

  StepSums finished() {
    try {
      return peers_.finish();
    } catch (const DivergenceError&) {
      trainer_.rollback_.go_back(trainer_.network(), trainer_.state_);
      throw;
    }
  }

  void update(double rate) {
    Objective<Scalar>& objective = trainer_.objective_;
    trainer_.clip(trainer_.gradients_);
    trainer_.parts().begin_step(
        rate, ++trainer_.state_.steps,
        trainer_.per_unit_ * static_cast<Scalar>(objective.gradient_scale()));
    for (const Range& own : peers_.own()) update(own);
    peers_.exchange(trainer_.network(), trainer_.state_);
    for (Index i = 0; objective.tied() && i < trainer_.network().size() / 2; ++i) {
      tie(trainer_.network(), i);
    }
  }

  /// Of some entries, on all threads.
  void update(Range entries) {
    constexpr Index piece = 16'384;
    std::atomic<Index> next = 0;
    with_helpers(threads_for_pieces(ceil_div(entries.size, piece)), [&](int) {
      for (Index first; (first = next.fetch_add(piece)) < entries.size;) {
        update_piece({entries.first + first, std::min(piece, entries.size - first)});
      }
    });
  }

  void update_piece(Range entries) {
    for_each_parameter(trainer_.network(), [&](Index layer, Index p, const auto& parameter) {
      if (!parameter.trained || trainer_.objective_.is_copy(layer, p)) return;
      auto gradient = trainer_.gradients_(layer, p);
      const Index stride = gradient.outerStride(), begin = trainer_.gradients_.first(layer, p);
      const Index first = std::max<Index>(entries.first - begin, 0);
      const Index end = std::min(entries.first + entries.size - begin, stride * gradient.cols());
      if (first >= end) return;
      const UpdateTile<Scalar> update = trainer_.updating(layer, p);
      for (Index j = first / stride; j * stride < end; ++j) {
        const Index row = std::max<Index>(first - j * stride, 0);
        const Index rows = std::min(end - j * stride, gradient.rows()) - row;
        if (rows <= 0) continue;
        update(linalg::block(gradient, {row, rows}, {j, 1}), {row, rows}, {j, 1});
      }
    });
  }

  Trainer<Scalar>& trainer_;
  Ranks<Scalar>& peers_;
  bool may_miss_;
  std::vector<StoreTile<Scalar>> stores_;  // of the parameters of one layer
};

}  // namespace ae::inline AE_ABI::detail::mpi
