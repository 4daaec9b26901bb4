#pragma once

#include "ae/detail/core/abi.hpp"

#include <algorithm>

#include "ae/core/types.hpp"
#include "ae/detail/core/function_ref.hpp"

/// The threads that compute together. They are not those of an OpenMP region, since these wait for
/// each other, and by spinning: beside other busy programs that costs more than they bring.
namespace ae::inline AE_ABI::detail {

/// How many threads a computation of the calling thread may have: OpenMP's number; 1 inside a
/// computation that is shared already, in a parallel region of the program's own, and in a program
/// compiled without OpenMP.
int most_threads();

/// The same where there is work for so many at most.
inline int threads_for_pieces(Index pieces) {
  return static_cast<int>(std::min<Index>(most_threads(), std::max<Index>(pieces, 1)));
}

/// Calls work(0) on the calling thread and work(1) to work(threads - 1) on helpers, one of these
/// perhaps once more where it has just been late, and returns
/// when all that have begun are over. A helper that is late, because another program has its core,
/// is not waited for and does not begin: `work` must take what is left to do, piece by piece. The
/// calling thread works alone where another thread of the program has the helpers. Throws what
/// `work` throws, when all are over.
void with_helpers(int threads, FunctionRef<void(int thread)> work);

}  // namespace ae::inline AE_ABI::detail

#ifndef AE_COMPILED
#include "ae/detail/core/team-inl.hpp"
#endif
