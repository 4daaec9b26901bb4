#include "ae/detail/models/in_chunks.hpp"

#include "ae/models/variational.hpp"
#include "support/expect.hpp"
#include "support/same.hpp"
#include "support/sanitized.hpp"

#if defined(_OPENMP) && __has_include(<sys/wait.h>)
#include <sys/wait.h>
#include <unistd.h>
#endif

using ae::Index;
using ae::Matrix;

TEST_CASE("chunks are put together in order, the last one shorter, and none of no samples") {
  const Matrix<double> x = Matrix<double>::Random(2, 9001);
  Index most = 0, calls = 0;
  const auto sums = [&](const ae::ConstMatrixRef<double>& some) -> Matrix<double> {
    most = std::max(most, some.cols());
    ++calls;
    return some.colwise().sum();
  };
  CHECK(ae::detail::in_chunks<double>(x, 1, sums) == Matrix<double>(x.colwise().sum()));
  CHECK(most == 4096);
  CHECK(calls == 3);
  CHECK(ae::detail::in_chunks<double>(x.leftCols(0), 1, sums).cols() == 0);
}

TEST_CASE("a model gives the same bits for many samples as for some of them") {
  const Matrix<float> x = Matrix<float>::Random(7, 5000);
  ae::StackedAutoencoder model({7, 9, 3}, 1);
  model.set_scaler(ae::Scaler<float>::fit(x));
  ae::Workspace<float> workspace;
  CHECK(same_bits(model.encode(x), Matrix<float>(model.encode(x, workspace))));
  CHECK(same_bits(model.reconstruct(x), Matrix<float>(model.reconstruct(x, workspace))));
  CHECK(same_bits(model.decode(model.encode(x)), model.reconstruct(x)));
  CHECK(same_bits(model.reconstruct(x).rightCols(500), model.reconstruct(x.rightCols(500))));
  const ae::VariationalAutoencoder variational({7, 9, 3});
  CHECK(same_bits(variational.reconstruct(x).rightCols(500),
                  variational.reconstruct(x.rightCols(500))));
}

#if defined(_OPENMP) && __has_include(<sys/wait.h>) && !defined(AE_SANITIZED)
TEST_CASE("a child of fork computes as its parent does") {
  ae::StackedAutoencoder model({300, 200, 100}, 1);
  const Matrix<float> x = Matrix<float>::Random(300, 400), y = model.reconstruct(x);
  const pid_t child = fork();
  if (child == 0) {
    alarm(20);  // ends a child that hangs
    _exit(same_bits(model.reconstruct(x), y) ? 0 : 1);
  }
  int status = -1;
  REQUIRE(waitpid(child, &status, 0) == child);
  CHECK(status == 0);
}
#endif
