#pragma once

#include "ae/detail/core/abi.hpp"

#include <tuple>
#include <utility>

#include "ae/detail/linalg/packets.hpp"
#include "ae/detail/linalg/prefetch_list.hpp"

/// What is done to a tile of a product as soon as it is finished: an epilogue is a callable
/// `epilogue(tile, rows, cols)`, const, called by several threads at once, each with tiles of its
/// own; `tile` is a `View` of rows `rows` and columns `cols` of the result. It may have
/// `add_prefetches(rows, cols, list)`, which is called before the tile is computed and adds to the
/// list what the epilogue will read and write beside it.
namespace ae::inline AE_ABI {

/// Leaves a finished tile as it is.
struct NoEpilogue {
  void operator()(const auto&, Range, Range) const {}
};

}  // namespace ae::inline AE_ABI

namespace ae::inline AE_ABI::linalg {

void add_prefetches(const auto& epilogue, Range rows, Range cols, detail::PrefetchList& list) {
  if constexpr (requires { epilogue.add_prefetches(rows, cols, list); }) {
    epilogue.add_prefetches(rows, cols, list);
  }
}

/// A reference to an epilogue of any type, as two plain functions, so that a product is compiled
/// once. By default it leaves a tile as it is.
/// ~~~{.cpp}
/// const auto add = ae::linalg::elementwise([](auto to, const auto& b) { to += b; }, offsets);
/// product(y, weight, x, ae::linalg::EpilogueRef<float>(add));
/// ~~~
template <class Scalar>
class EpilogueRef {
 public:
  EpilogueRef() = default;
  EpilogueRef(const NoEpilogue&) {}

  /// The epilogue must live as long.
  template <class Epilogue>
  EpilogueRef(const Epilogue& epilogue)
      : epilogue_(&epilogue),
        apply_([](const void* self, View<Scalar> tile, Range rows, Range cols) {
          (*static_cast<const Epilogue*>(self))(tile, rows, cols);
        }),
        add_([](const void* self, Range rows, Range cols, detail::PrefetchList& list) {
          linalg::add_prefetches(*static_cast<const Epilogue*>(self), rows, cols, list);
        }) {}

  void operator()(View<Scalar> tile, Range rows, Range cols) const {
    if (apply_ != nullptr) apply_(epilogue_, tile, rows, cols);
  }
  void add_prefetches(Range rows, Range cols, detail::PrefetchList& list) const {
    if (add_ != nullptr) add_(epilogue_, rows, cols, list);
  }

 private:
  const void* epilogue_ = nullptr;
  void (*apply_)(const void*, View<Scalar>, Range, Range) = nullptr;
  void (*add_)(const void*, Range, Range, detail::PrefetchList&) = nullptr;
};

/// An epilogue that treats every entry by itself, together with the same place in other matrices of
/// the whole result's shape: f(its entries, theirs...), a packet at a time.
/// ~~~{.cpp}
/// const auto add = ae::linalg::elementwise([](auto to, const auto& b) { to += b; }, offsets);
/// product(y, weight, x, add);  // y = weight * x + offsets
/// ~~~
template <class F, class... Views>
class Elementwise {
 public:
  explicit Elementwise(F f, Views... views) : f_(std::move(f)), views_(views...) {}

  AE_FLATTENED void operator()(auto&& tile, Range rows, Range cols) const {
    for (Index j = 0; j < cols.size; ++j) {
      std::apply(
          [&](auto... views) AE_INLINED {
            detail::for_packets(rows.size, f_, tile.data() + j * tile.outerStride(),
                                place(views, rows.first, cols.first + j)...);
          },
          views_);
    }
  }

  void add_prefetches(Range rows, Range cols, detail::PrefetchList& list) const {
    std::apply([&](const auto&... views) { (list.add(views, rows, cols), ...); }, views_);
  }

 private:
  static auto* place(auto& view, Index row, Index col) {
    return view.data() + row + col * view.outerStride();
  }

  F f_;
  std::tuple<Views...> views_;
};

template <class F, class... Matrices>
auto elementwise(F f, Matrices&&... matrices) {
  return Elementwise<F, decltype(view(matrices))...>(std::move(f), view(matrices)...);
}

/// An epilogue that copies a tile to its place in another matrix of the whole result's shape.
/// ~~~{.cpp}
/// product.tiles(weight, x, ae::linalg::store_to(y));
/// ~~~
template <class Dst>
auto store_to(Dst&& dst) {
  return elementwise([](const auto& from, auto to) AE_INLINED { to = from; }, dst);
}

/// Epilogues, one after the other.
/// ~~~{.cpp}
/// const auto halve = ae::linalg::elementwise([](auto to) { to *= 0.5f; });
/// product.tiles(weight, x, ae::linalg::chain(halve, ae::linalg::store_to(y)));
/// ~~~
template <class... Epilogues>
class Chain {
 public:
  explicit Chain(Epilogues... epilogues) : epilogues_(std::move(epilogues)...) {}

  void operator()(auto&& tile, Range rows, Range cols) const {
    std::apply([&](const auto&... epilogue) { (epilogue(tile, rows, cols), ...); }, epilogues_);
  }
  void add_prefetches(Range rows, Range cols, detail::PrefetchList& list) const {
    std::apply(
        [&](const auto&... epilogue) { (linalg::add_prefetches(epilogue, rows, cols, list), ...); },
        epilogues_);
  }

 private:
  std::tuple<Epilogues...> epilogues_;
};

template <class... Epilogues>
auto chain(Epilogues... epilogues) {
  return Chain<Epilogues...>(std::move(epilogues)...);
}

}  // namespace ae::inline AE_ABI::linalg
