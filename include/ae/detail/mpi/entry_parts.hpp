#pragma once

#include "ae/detail/core/abi.hpp"

#include "ae/detail/layers/per_parameter.hpp"
#include "ae/detail/mpi/buckets.hpp"
#include "ae/detail/mpi/communicator.hpp"

namespace ae::inline AE_ABI::detail::mpi {

/// Makes of each process's parts of the entries the whole, everywhere.
template <class Scalar>
void gather_parts(const Buckets& buckets, const Communicator& processes,
                  std::span<Scalar> entries) {
  std::vector<MPI_Request> requests;
  std::vector<Counts> counts;
  counts.reserve(static_cast<std::size_t>(buckets.count()));
  for (Index i = 0; i < buckets.count(); ++i) {
    const Counts& parts = counts.emplace_back(buckets, i, processes.size());
    check(MPI_Iallgatherv(MPI_IN_PLACE, 0, MPI_DATATYPE_NULL, entries.data() + buckets[i].first,
                          parts.sizes.data(), parts.places.data(), type_of<Scalar>(),
                          processes.handle(), &requests.emplace_back(MPI_REQUEST_NULL)),
          "MPI_Iallgatherv");
  }
  check(MPI_Waitall(static_cast<int>(requests.size()), requests.data(), MPI_STATUSES_IGNORE),
        "MPI_Waitall");
}

/// Calls f(entry, weight, size) for the pieces of columns that lie in a range of the entries of
/// `all`: where a piece begins there, and in the parameters of the network.
template <class Scalar>
void for_each_piece(TrainableNetwork<Scalar>& network, PerParameter<Scalar>& all, Range range,
                    const auto& f) {
  for_each_parameter(network, [&](Index layer, Index p, auto& parameter) {
    const Index begin = all.first(layer, p), rows = parameter.value.rows();
    const Index stride = padded<Scalar>(rows);
    const Index first = std::max<Index>(range.first - begin, 0);
    const Index end = std::min(range.first + range.size - begin, stride * parameter.value.cols());
    for (Index j = first / stride; j * stride < end && first < end; ++j) {
      const Index row = std::max<Index>(first - j * stride, 0);
      const Index size = std::min(end - j * stride, rows) - row;
      if (size > 0)
        f(all.entries().data() + begin + j * stride + row, &parameter.value(row, j), size);
    }
  });
}

}  // namespace ae::inline AE_ABI::detail::mpi
