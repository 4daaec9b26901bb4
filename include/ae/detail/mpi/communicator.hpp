#pragma once

#include "ae/detail/core/abi.hpp"

// The C interface only: the C++ bindings are gone from MPI-3.
#ifndef OMPI_SKIP_MPICXX
#define OMPI_SKIP_MPICXX 1
#endif
#ifndef MPICH_SKIP_MPICXX
#define MPICH_SKIP_MPICXX 1
#endif
#include <mpi.h>

#include <algorithm>
#include <cstdint>
#include <string>

#include "ae/detail/core/function_ref.hpp"
#include "ae/detail/mpi/failure.hpp"

namespace ae::inline AE_ABI::detail::mpi {

/// What MPI reports, such as a process that is gone. Nothing can be agreed on any more.
class CommunicationError : public Error {
 public:
  using Error::Error;
};

/// Throws CommunicationError unless MPI's function `name` has succeeded.
inline void check(int code, const char* name) {
  if (code == MPI_SUCCESS) return;
  char words[MPI_MAX_ERROR_STRING];
  int length = 0;
  MPI_Error_string(code, words, &length);
  fail<CommunicationError>({"mpi: expected ", name, " to succeed, found: ",
                            std::string_view(words, static_cast<std::size_t>(length))});
}

template <class Number>
MPI_Datatype type_of() {
  if constexpr (std::is_same_v<Number, float>) return MPI_FLOAT;
  if constexpr (std::is_same_v<Number, double>) return MPI_DOUBLE;
  if constexpr (std::is_same_v<Number, std::uint16_t>) return MPI_UINT16_T;
}

/// A communicator of the library's own, with the processes of the caller's: its messages never meet
/// those of the caller. Making one and freeing it is done by all processes.
class Communicator {
 public:
  /// Throws OptionError where MPI was not initialised or has been finalised.
  explicit Communicator(MPI_Comm processes) {
    int begun = 0, over = 0;
    check(MPI_Initialized(&begun), "MPI_Initialized");
    check(MPI_Finalized(&over), "MPI_Finalized");
    require<OptionError>(begun && !over, "mpi: expected MPI between MPI_Init and MPI_Finalize, ",
                         "found it ", begun ? "finalised" : "not initialised",
                         "; ae::mpi::Session does both");
    require<OptionError>(processes != MPI_COMM_NULL,
                         "mpi: expected a communicator, found "
                         "MPI_COMM_NULL");
    check(MPI_Comm_dup(processes, &comm_), "MPI_Comm_dup");
    check(MPI_Comm_set_errhandler(comm_, MPI_ERRORS_RETURN), "MPI_Comm_set_errhandler");
    check(MPI_Comm_rank(comm_, &rank_), "MPI_Comm_rank");
    check(MPI_Comm_size(comm_, &size_), "MPI_Comm_size");
  }
  Communicator(const Communicator&) = delete;
  Communicator& operator=(const Communicator&) = delete;
  ~Communicator() { MPI_Comm_free(&comm_); }

  MPI_Comm handle() const { return comm_; }
  int rank() const { return rank_; }
  int size() const { return size_; }

  /// The numbers of all processes, a column each; all give as many.
  Matrix<double> gather(const Vector<double>& mine) const {
    Matrix<double> all(mine.size(), size_);
    const int count = static_cast<int>(mine.size());
    check(MPI_Allgather(mine.data(), count, MPI_DOUBLE, all.data(), count, MPI_DOUBLE, comm_),
          "MPI_Allgather");
    return all;
  }

  /// Makes the bytes of one process those of all.
  void broadcast(std::string& bytes, int from) const {
    constexpr std::uint64_t most = 1 << 30;  // a count is an int
    std::uint64_t size = bytes.size();
    check(MPI_Bcast(&size, 1, MPI_UINT64_T, from, comm_), "MPI_Bcast");
    bytes.resize(size);
    for (std::uint64_t first = 0; first < size; first += most) {
      const int count = static_cast<int>(std::min(most, size - first));
      check(MPI_Bcast(bytes.data() + first, count, MPI_CHAR, from, comm_), "MPI_Bcast");
    }
  }

  /// Throws on all processes what is thrown on the first that fails; else true if `flag` is true
  /// anywhere.
  bool agree(const std::exception_ptr& mine, bool flag) const {
    int found[2] = {mine ? size_ - rank_ : 0, flag ? 1 : 0};
    check(MPI_Allreduce(MPI_IN_PLACE, found, 2, MPI_INT, MPI_MAX, comm_), "MPI_Allreduce");
    if (found[0] == 0) return found[1] > 0;
    const int failed = size_ - found[0];
    std::string bytes = failed == rank_ ? Failure(mine).bytes() : std::string();
    broadcast(bytes, failed);
    Failure(bytes).raise(text("rank ", failed, " of ", size_));
  }

  /// Runs `work`, then agrees.
  bool together(FunctionRef<bool()> work) const {
    std::exception_ptr failure;
    bool flag = false;
    try {
      flag = work();
    } catch (const CommunicationError&) {
      throw;
    } catch (...) {
      failure = std::current_exception();
    }
    return agree(failure, flag);
  }

 private:
  MPI_Comm comm_ = MPI_COMM_NULL;
  int rank_ = 0, size_ = 1;
};

}  // namespace ae::inline AE_ABI::detail::mpi
