#include "ae/detail/linalg/left_block.hpp"

#include "support/expect.hpp"

using ae::Index;
using ae::Matrix;
using ae::detail::LeftBlock;
using ae::detail::Operand;

namespace {

using B = ae::detail::Blocking<float>;
constexpr Index depth = 20, rows = 2 * B::MR + 1;

/// Room for the rows, and a block of them in it; columns 256 apart fall on the same cache lines.
struct Held {
  Held(const Operand<float>& lhs, bool once) : block(lhs, depth, once, buffer.data()) {
    block.hold({B::MR, rows});
  }

  ae::Vector<float> buffer = ae::Vector<float>::Zero(3 * B::MR * depth);
  LeftBlock<float> block;
};

const Matrix<float> crowded = Matrix<float>::Random(256, depth);
const Matrix<float> apart = Matrix<float>::Random(255, depth);

}  // namespace

TEST_CASE("a whole panel is packed while it is first multiplied, and then read from there") {
  Held held(Operand<float>::of(crowded), false);
  const auto first = held.block.panel(B::MR, B::MR);
  CHECK(first.first == &crowded(2 * B::MR, 0));
  CHECK(first.stride == 256);
  CHECK(first.packed == held.buffer.data() + B::MR * depth);
  held.block.hold({B::MR, rows});
  const auto second = held.block.panel(B::MR, B::MR);
  CHECK(second.first == first.packed);
  CHECK(second.stride == B::MR);
  CHECK(second.packed == nullptr);
  held.block.hold({0, B::MR});
  held.block.hold({B::MR, rows});
  CHECK(held.block.panel(B::MR, B::MR).packed == first.packed);
}

TEST_CASE("a part of a panel, and rows that lie across, are packed beforehand") {
  const Matrix<float> across = crowded.transpose();
  Held part(Operand<float>::of(crowded), false);
  Held whole(Operand<float>::of(across.transpose()), false);
  const auto last = part.block.panel(2 * B::MR, 1);
  CHECK(last.packed == nullptr);
  CHECK(last.first[last.stride * 7] == crowded(3 * B::MR, 7));
  const auto first = whole.block.panel(0, B::MR);
  CHECK(first.packed == nullptr);
  CHECK(first.first[first.stride * 7 + 2] == crowded(B::MR + 2, 7));
}

TEST_CASE("what lies well, or is multiplied once, is read where it is") {
  for (const auto& [matrix, once] : {std::pair{&apart, false}, std::pair{&crowded, true}}) {
    Held held(Operand<float>::of(*matrix), once);
    const auto panel = held.block.panel(0, B::MR);
    CHECK(panel.first == &(*matrix)(B::MR, 0));
    CHECK(panel.packed == nullptr);
  }
}

TEST_CASE("a block is as high as the second cache allows, and never lower than a panel") {
  CHECK(LeftBlock<float>::height(100) % B::MR == 0);
  CHECK(LeftBlock<float>::height(100) * 100 <= 96 * 1024);
  CHECK(LeftBlock<float>::height(1'000'000) == B::MR);
}
