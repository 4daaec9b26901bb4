#pragma once

#include "ae/detail/core/abi.hpp"

#include <span>

#include "ae/core/concepts.hpp"
#include "ae/detail/data/read_ahead.hpp"

namespace ae::inline AE_ABI::detail {

/// A reference to a source of any type, as one plain function, so that what reads it is compiled
/// once. The source must live as long.
template <class Scalar>
class SourceRef {
 public:
  template <class Data>
  requires(!std::is_same_v<Data, SourceRef>) explicit SourceRef(const Data& source)
      : source_(&source),
        features_(source.features()),
        samples_(source.samples()),
        read_([](const void* self, std::span<const Index> picks, MatrixRef<Scalar> x) {
          static_cast<const Data*>(self)->read(picks, x);
        }) {
    if constexpr (requires(std::span<const Index> picks) { source.read_ahead(picks); }) {
      read_ahead_ = [](const void* self) -> std::unique_ptr<ReadAhead> {
        return std::make_unique<ReadAheadOf<Data>>(*static_cast<const Data*>(self));
      };
    }
  }

  Index features() const { return features_; }
  Index samples() const { return samples_; }
  void read(std::span<const Index> picks, MatrixRef<Scalar> x) const { read_(source_, picks, x); }

  /// A thread that has the source read samples before they are needed; none for a source that never
  /// has to wait.
  std::unique_ptr<ReadAhead> read_ahead() const {
    return read_ahead_ != nullptr ? read_ahead_(source_) : nullptr;
  }

 private:
  const void* source_;
  Index features_, samples_;
  void (*read_)(const void*, std::span<const Index>, MatrixRef<Scalar>);
  std::unique_ptr<ReadAhead> (*read_ahead_)(const void*) = nullptr;
};

}  // namespace ae::inline AE_ABI::detail
