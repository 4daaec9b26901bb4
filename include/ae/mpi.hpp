#pragma once

#include "ae/detail/core/abi.hpp"

#if !__has_include(<mpi.h>)
#error \
    "ae: expected MPI 3 for ae/mpi.hpp, found no mpi.h: install Open MPI or MPICH (on Debian libopenmpi-dev or libmpich-dev) and link ae::mpi"
#else

#include <cstdio>
#include <filesystem>

#include "ae/detail/mpi/ranks.hpp"
#include "ae/io/checkpoint.hpp"
#include "ae/training/part.hpp"

/// Training on several processes, of one machine or of many, over MPI: each computes the gradients
/// of its part of every batch, and all take the same step. Needs an MPI of version 3, and
/// nlohmann/json.
/// ~~~{.cpp}
/// ae::mpi::Session mpi(argc, argv);
/// ae::StackedAutoencoder model({1024, 300, 150});
/// ae::mpi::fit(model, x, {.epochs = 100}, MPI_COMM_WORLD, ae::L2{1e-4});
/// if (mpi.rank() == 0) ae::save(model, "model.safetensors");
/// ~~~
namespace ae::inline AE_ABI::mpi {

/// MPI from here to the end of the scope.
/// ~~~{.cpp}
/// const ae::mpi::Session mpi(argc, argv);  // at the beginning of main
/// if (mpi.rank() == 0) std::cout << "on " << mpi.ranks() << " processes\n";
/// ~~~
class Session {
 public:
  /// Throws Error where MPI cannot be initialised. Threads may be used, but only this one calls
  /// MPI.
  Session(int& argc, char**& argv) {
    int provided = MPI_THREAD_SINGLE;
    detail::mpi::check(MPI_Init_thread(&argc, &argv, MPI_THREAD_FUNNELED, &provided),
                       "MPI_Init_thread");
    if (provided >= MPI_THREAD_FUNNELED) return;
    MPI_Finalize();
    throw Error("mpi: expected an MPI for programs with threads (MPI_THREAD_FUNNELED), found none");
  }
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;
  ~Session() { MPI_Finalize(); }

  int rank() const { return ask(MPI_Comm_rank); }
  int ranks() const { return ask(MPI_Comm_size); }

 private:
  static int ask(int (*function)(MPI_Comm, int*)) {
    int answer = 0;
    function(MPI_COMM_WORLD, &answer);
    return answer;
  }
};

/// What samples a process has.
enum class Data {
  whole,  ///< all can read all samples, and read only what is theirs: the batches, and all that is
          ///< random, are those of one process alone
  own     ///< each has samples of its own, of any number; `batch_size` counts those of all
};

/// What the steps of a fit have sent: their number, the bytes that this process had to send, and
/// the seconds that it spent with sending, waiting and adding up.
/// ~~~{.cpp}
/// ae::mpi::Traffic traffic;
/// ae::mpi::fit(model, x, {.epochs = 1}, ae::mpi::Options{.traffic = &traffic});
/// ~~~
using Traffic = detail::mpi::Traffic;

/// How processes train together.
/// ~~~{.cpp}
/// ae::mpi::fit(model, x, {.epochs = 100},
///              ae::mpi::Options{.rank_order = true, .checkpoint = "fit.safetensors"});
/// ~~~
struct Options {
  MPI_Comm comm = MPI_COMM_WORLD;  ///< the processes
  Data data = Data::whole;
  /// Gradients are added up in the order of the ranks: the bits depend on their number only. Else
  /// in the order that MPI chooses, which is always the same on the same machines.
  bool rank_order = false;
  /// Each process keeps up the moments of its part of the weights only, and steps these, in the
  /// order of the ranks. Rajbhandari, Rasley, Ruwase and He, "ZeRO: memory optimizations toward
  /// training trillion parameter models", SC 2020, section 5.1. A callback may write a checkpoint
  /// where an epoch has ended.
  bool sharded_state = false;
  /// Gradients are sent in bfloat16, and what rounding takes from them is added in the next step;
  /// at the end of an epoch it is forgotten. For models of float.
  bool bfloat16 = false;
  Index bucket_bytes = 1 << 20;  ///< of the pieces in which gradients are sent
  /// Where rank 0 writes a checkpoint, after every so many epochs and steps (0: none), before the
  /// callbacks; empty: nowhere. After a failure `ae::load_checkpoint` on rank 0 and
  /// `FitOptions::resume` go on from there, on any number of ranks.
  std::filesystem::path checkpoint = {};
  Index checkpoint_epochs = 1;
  Index checkpoint_steps = 0;
  Traffic* traffic = nullptr;  ///< where the fit says at its end what it has sent
};

}  // namespace ae::inline AE_ABI::mpi

namespace ae::inline AE_ABI::detail::mpi {

/// Throws OptionError for an option outside its range.
template <class Scalar>
void require_valid(const ae::mpi::Options& options) {
  require<OptionError>(options.bucket_bytes >= 64 && options.bucket_bytes <= 1 << 30,
                       "mpi: expected bucket_bytes from 64 to 2^30, found ", options.bucket_bytes);
  require<OptionError>(options.checkpoint_epochs >= 0 && options.checkpoint_steps >= 0,
                       "mpi: expected checkpoint_epochs and checkpoint_steps of at least 0, found ",
                       options.checkpoint_epochs, " and ", options.checkpoint_steps);
  require<OptionError>(!options.bfloat16 || std::is_same_v<Scalar, float>,
                       "mpi: expected a model of float for gradients in bfloat16, found double");
}

/// Makes the model of rank 0, and all of its training, that of all.
template <class Model>
void broadcast(Model& model, const Communicator& processes) {
  std::string bytes;
  processes.together([&] {
    if (processes.rank() == 0) bytes = checkpoint_bytes(model);
    return false;
  });
  processes.broadcast(bytes, 0);
  processes.together([&] {
    if (processes.rank() != 0) restore_checkpoint(model, bytes, "the model of rank 0");
    return false;
  });
}

/// A fit's options on a process: rank 0 alone reports, and writes checkpoints.
template <class Model>
FitOptions options_on(int rank, const Model& model, FitOptions options,
                      const ae::mpi::Options& how) {
  if (rank != 0) {
    options.callbacks.clear();
    options.warn = nullptr;
  } else if (!how.checkpoint.empty()) {
    options.callbacks.insert(options.callbacks.begin(), [&model, &how](const Progress& at) {
      const bool epoch = at.epoch_ended && how.checkpoint_epochs > 0 &&
                         (at.epoch + 1) % how.checkpoint_epochs == 0;
      const bool step = how.checkpoint_steps > 0 && at.step % how.checkpoint_steps == 0;
      if (epoch || step) save_checkpoint(model, how.checkpoint);
    });
  }
  return options;
}

}  // namespace ae::inline AE_ABI::detail::mpi

namespace ae::inline AE_ABI::mpi {

/// Trains as `model.fit(data, options, parts...)` does, on all processes of a communicator, each of
/// which calls this with the same options and parts, and a model of the same layers: the model of
/// rank 0 is where all begin, and all end with the same. `batch_size` counts the samples of all
/// processes. Callbacks are called on rank 0 only, and so are warnings; the schedule is that of
/// rank 0. Throws on all processes what is thrown on one, with its rank in the text, and
/// OptionError for options that are not the same everywhere; where processes can no longer agree,
/// as when MPI reports an error, it prints a line and ends all of them (MPI_Abort).
/// ~~~{.cpp}
/// ae::mpi::fit(model, x, {.batch_size = 4096}, ae::mpi::Options{.data = ae::mpi::Data::own},
///              ae::AdamW{});
/// ~~~
template <class Model, class Samples, Part... Parts>
History fit(Model& model, const Samples& data, const FitOptions& options, const Options& how,
            const Parts&... parts) {
  using Scalar = typename Model::Scalar;
  const detail::mpi::Communicator processes(how.comm);
  detail::mpi::Ranks<Scalar> ranks(processes, {.whole_data = how.data == Data::whole,
                                               .rank_order = how.rank_order,
                                               .sharded_state = how.sharded_state,
                                               .bfloat16 = how.bfloat16,
                                               .bucket_bytes = how.bucket_bytes,
                                               .checkpoint_epochs = how.checkpoint_epochs,
                                               .checkpoint_steps = how.checkpoint_steps});
  const auto give_up = [&](const char* why) {
    std::fprintf(stderr, "ae: rank %d ends all processes: %s\n", processes.rank(), why);
    if (!how.checkpoint.empty()) {
      std::fprintf(stderr, "ae: training can go on from the latest checkpoint, %s\n",
                   detail::path_text(how.checkpoint).c_str());
    }
    MPI_Abort(how.comm, 1);
  };
  try {
    processes.together([&] { return detail::mpi::require_valid<Scalar>(how), false; });
    detail::mpi::broadcast(model, processes);
  } catch (const detail::mpi::CommunicationError& error) {
    give_up(error.what());
  }
  const FitOptions mine = detail::mpi::options_on(processes.rank(), model, options, how);
  try {
    History history = model.fit(data, mine, parts..., detail::Together<Scalar>{&ranks});
    if (how.traffic != nullptr) *how.traffic = ranks.traffic();
    return history;
  } catch (const detail::mpi::CommunicationError& error) {
    give_up(error.what());
    throw;
  } catch (const Error&) {
    // What all throw alike, unless one has failed before they began to work together.
    if (!ranks.begun()) processes.agree(std::current_exception(), false);
    throw;
  } catch (const std::exception& error) {
    give_up(error.what());
    throw;
  }
}

/// The same with no options but the communicator.
template <class Model, class Samples, Part... Parts>
History fit(Model& model, const Samples& data, const FitOptions& options, MPI_Comm comm,
            const Parts&... parts) {
  return fit(model, data, options, Options{.comm = comm}, parts...);
}

}  // namespace ae::inline AE_ABI::mpi

#endif
