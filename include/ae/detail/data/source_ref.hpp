#pragma once

#include "ae/detail/core/abi.hpp"

#include <span>

#include "ae/core/concepts.hpp"

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
      read_ahead_ = [](const void* self, std::span<const Index> picks) {
        static_cast<const Data*>(self)->read_ahead(picks);
      };
    }
  }

  Index features() const { return features_; }
  Index samples() const { return samples_; }
  void read(std::span<const Index> picks, MatrixRef<Scalar> x) const { read_(source_, picks, x); }

  /// True if the source may have to wait for what is read, and can do so before it is needed.
  bool reads_ahead() const { return read_ahead_ != nullptr; }
  void read_ahead(std::span<const Index> picks) const { read_ahead_(source_, picks); }

 private:
  const void* source_;
  Index features_, samples_;
  void (*read_)(const void*, std::span<const Index>, MatrixRef<Scalar>);
  void (*read_ahead_)(const void*, std::span<const Index>) = nullptr;
};

}  // namespace ae::inline AE_ABI::detail
