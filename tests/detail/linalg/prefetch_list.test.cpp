#include "ae/detail/linalg/prefetch_list.hpp"

#include "support/expect.hpp"

using ae::Matrix;

TEST_CASE("columns are prefetched wherever they lie, and no more than there are") {
  Matrix<float> written = Matrix<float>::Random(9, 6);
  const Matrix<float> read = written;
  ae::detail::PrefetchList list(true);
  list.prefetch(0);
  for (int i = 0; i < 4; ++i) {
    list.add(ae::linalg::view(written), {2, 7}, {4, 2});
    list.add(ae::linalg::view(read), {0, 1}, {0, 2});
  }
  for (ae::Index j = 0; j < 6; ++j) list.prefetch(j);
  CHECK(written == read);
}

TEST_CASE("what is claimed keeps its numbers") {
  Matrix<float> shared = Matrix<float>::Random(40, 6), own = Matrix<float>::Random(40, 6);
  const Matrix<float> shared_before = shared, own_before = own;
  for (const bool with_others : {false, true}) {
    ae::detail::PrefetchList list(with_others);
    list.add(ae::linalg::shared(shared), {2, 37}, {1, 4});
    list.add(ae::linalg::view(own), {2, 37}, {1, 4});
    for (ae::Index j = -1; j < 6; ++j) list.claim(j);
    CHECK(shared == shared_before);
    CHECK(own == own_before);
  }
}
