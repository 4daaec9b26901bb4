#pragma once

#include "ae/detail/core/abi.hpp"

#include "ae/detail/mpi/bfloat16.hpp"
#include "ae/detail/mpi/gradient_sum.hpp"

namespace ae::inline AE_ABI::detail::mpi {

/// A reduction in two halves: each process gets its part of a piece from all others, adds them up
/// in the order of their ranks, and, where all are needed, sends the sums to all. The bits of a sum
/// then depend on the number of processes only, not on how MPI goes about it. `Wire` is what goes
/// over the network: Scalar, or 16 bits of a bfloat16.
template <class Scalar, class Wire>
class OrderedSum final : public GradientSum<Scalar> {
  using Base = GradientSum<Scalar>;
  using Base::buckets_, Base::processes_, Base::gradients_, Base::everywhere_;
  static constexpr bool rounds = !std::is_same_v<Scalar, Wire>;

 public:
  /// `others` are the same processes; messages of the second half go there, since they start in
  /// another order on each process.
  OrderedSum(const Buckets& buckets, const Communicator& processes, const Communicator& others)
      : Base(buckets, processes), others_(others), rank_(processes.rank()) {
    for (Index i = 0; i < buckets.count(); ++i) {
      pieces_.emplace_back(Counts(buckets, i, processes.size()));
      Piece& piece = pieces_.back();
      const auto mine = static_cast<std::size_t>(buckets.part(i, rank_).size);
      const auto ranks = static_cast<std::size_t>(processes.size());
      piece.received.resize(mine * ranks);
      for (std::size_t rank = 0; rank < ranks; ++rank) {
        piece.sizes.push_back(static_cast<int>(mine));
        piece.places.push_back(static_cast<int>(rank * mine));
      }
      if (!rounds) continue;
      piece.sent.resize(static_cast<std::size_t>(buckets[i].size));
      piece.left_of_sum.resize(mine);
    }
    if (rounds) left_.resize(static_cast<std::size_t>(buckets.entries()));
  }

  void finish() override {
    for (Index i = 0; i < buckets_.count(); ++i) {
      check(MPI_Wait(&at(i).request, MPI_STATUS_IGNORE), "MPI_Wait");
      if (i == summed_) sum(summed_++);
    }
    for (Piece& piece : pieces_) check(MPI_Wait(&piece.request, MPI_STATUS_IGNORE), "MPI_Wait");
    if (!rounds || !everywhere_) return;
    for (Index i = 0; i < buckets_.count(); ++i) widen(i);
  }

  double bytes() const override {
    const double ranks = processes_.size(), halves = everywhere_ ? 2 : 1;
    return halves * (ranks - 1) / ranks * static_cast<double>(sizeof(Wire)) *
           static_cast<double>(buckets_.entries());
  }

  /// Forgets what rounding has left.
  void forget() {
    std::fill(left_.begin(), left_.end(), Scalar{0});
    for (Piece& piece : pieces_) {
      std::fill(piece.left_of_sum.begin(), piece.left_of_sum.end(), Scalar{0});
    }
  }

 private:
  struct Piece {
    explicit Piece(Counts of) : parts(std::move(of)) {}

    Counts parts;                    // of the piece, for each process
    std::vector<int> sizes, places;  // of what comes from each process
    std::vector<Wire> received;      // the own part from each process
    std::vector<Wire> sent;          // the piece, rounded; then the sums
    std::vector<Scalar> left_of_sum;
    MPI_Request request = MPI_REQUEST_NULL;
  };

  Piece& at(Index i) { return pieces_[static_cast<std::size_t>(i)]; }

  void reset() override { summed_ = started_ = 0; }

  void start(Index i) override {
    Piece& piece = at(i);
    ++started_;
    const Range range = buckets_[i];
    const void* from = Base::at(range.first);
    if constexpr (rounds) {
      round_to_bfloat16(Base::at(range.first), left_.data() + range.first, piece.sent.data(),
                        range.size);
      from = piece.sent.data();
    }
    check(MPI_Ialltoallv(from, piece.parts.sizes.data(), piece.parts.places.data(), type_of<Wire>(),
                         piece.received.data(), piece.sizes.data(), piece.places.data(),
                         type_of<Wire>(), processes_.handle(), &piece.request),
          "MPI_Ialltoallv");
  }

  /// Sums, in order, the pieces that have come.
  void progress() override {
    for (; summed_ < started_; ++summed_) {
      int done = 0;
      check(MPI_Test(&at(summed_).request, &done, MPI_STATUS_IGNORE), "MPI_Test");
      if (!done) return;
      sum(summed_);
    }
    for (Index i = 0; i < summed_; ++i) {
      int done = 0;
      check(MPI_Test(&at(i).request, &done, MPI_STATUS_IGNORE), "MPI_Test");
    }
  }

  static Scalar number(Wire wire) {
    if constexpr (rounds)
      return from_bfloat16(wire);
    else
      return wire;
  }

  void sum(Index i) {
    Piece& piece = at(i);
    const Range part = buckets_.part(i, rank_);
    Scalar* const mine = Base::at(part.first);
    for (Index rank = 0; rank < processes_.size(); ++rank) {
      const Wire* const from = piece.received.data() + rank * part.size;
      for (Index k = 0; k < part.size; ++k) {
        mine[k] = rank == 0 ? number(from[k]) : mine[k] + number(from[k]);
      }
    }
    if (everywhere_) send_sums(i, part);
  }

  void send_sums(Index i, Range part) {
    Piece& piece = at(i);
    const Range range = buckets_[i];
    void* to = Base::at(range.first);
    if constexpr (rounds) {
      round_to_bfloat16(Base::at(part.first), piece.left_of_sum.data(),
                        piece.sent.data() + (part.first - range.first), part.size);
      to = piece.sent.data();
    }
    check(MPI_Iallgatherv(MPI_IN_PLACE, 0, MPI_DATATYPE_NULL, to, piece.parts.sizes.data(),
                          piece.parts.places.data(), type_of<Wire>(), others_.handle(),
                          &piece.request),
          "MPI_Iallgatherv");
  }

  void widen(Index i) {
    Scalar* const to = Base::at(buckets_[i].first);
    for (Index k = 0; k < buckets_[i].size; ++k) {
      to[k] = number(at(i).sent[static_cast<std::size_t>(k)]);
    }
  }

  const Communicator& others_;
  Index rank_, started_ = 0, summed_ = 0;
  std::vector<Piece> pieces_;
  std::vector<Scalar> left_;  // of the own gradients
};

}  // namespace ae::inline AE_ABI::detail::mpi
