#pragma once

#include <ae/core/types.hpp>
#include <ae/training/options.hpp>

#include "common/application.hpp"

#ifdef EXAMPLES_MPI
#include <ae/mpi.hpp>
#include <cstdio>
#include <optional>
#endif

/// The processes of a program that may be compiled for several, with EXAMPLES_MPI, or for one.
namespace examples {

#ifdef EXAMPLES_MPI

/// How they train together, from the options.
inline ae::mpi::Options& ranks_options() {
  static ae::mpi::Options options;
  return options;
}

inline void add_ranks_options(CLI::App& app) {
  ae::mpi::Options& options = ranks_options();
  app.add_flag("--rank-order", options.rank_order, "add gradients up in the order of the ranks");
  app.add_flag("--sharded-state", options.sharded_state,
               "each rank steps its part of the weights (ZeRO stage 1)");
  app.add_flag("--bfloat16-gradients", options.bfloat16, "send gradients in 16 bits");
  app.add_option("--bucket-bytes", options.bucket_bytes,
                 "of the pieces in which gradients are sent")
      ->check(from_to(64, 1 << 30))
      ->capture_default_str();
}

/// Rank 0 reads, or draws, the pictures before others look for them, and alone prints and writes.
class Ranks {
 public:
  Ranks(int& argc, char**& argv) : session_(argc, argv) {
    if (is_first()) return;
    if (std::freopen("/dev/null", "w", stdout) == nullptr) std::perror("/dev/null");
    MPI_Barrier(MPI_COMM_WORLD);
  }
  Ranks(const Ranks&) = delete;
  Ranks& operator=(const Ranks&) = delete;

  /// Where a rank fails alone, the others would wait for it.
  int ended(int code) {
    if (code != 0 && !data_is_there_) MPI_Abort(MPI_COMM_WORLD, code);
    data_is_there();
    return code;
  }

  void data_is_there() {
    if (is_first() && !data_is_there_) MPI_Barrier(MPI_COMM_WORLD);
    data_is_there_ = true;
  }

  bool is_first() const { return session_.rank() == 0; }

  /// Callbacks that stop a training, or write checkpoints, may do so now.
  static bool may_stop(const ae::Progress& at) {
    return !ranks_options().sharded_state || at.epoch_ended;
  }

 private:
  ae::mpi::Session session_;
  bool data_is_there_ = false;
};

template <class Model, class Data, class... Parts>
ae::History fit(Model& model, const Data& data, const ae::FitOptions& options,
                const Parts&... parts) {
  return ae::mpi::fit(model, data, options, ranks_options(), parts...);
}

#else

inline void add_ranks_options(CLI::App&) {}

class Ranks {
 public:
  Ranks(int&, char**&) {}
  int ended(int code) { return code; }
  void data_is_there() {}
  bool is_first() const { return true; }
  static bool may_stop(const ae::Progress&) { return true; }
};

template <class Model, class Data, class... Parts>
ae::History fit(Model& model, const Data& data, const ae::FitOptions& options,
                const Parts&... parts) {
  return model.fit(data, options, parts...);
}

#endif

}  // namespace examples
