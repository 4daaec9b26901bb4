// Must not compile, and the message must name what is missing: PCA reads doubles, which this source
// does not give.
#include "ae/models/pca.hpp"

struct Floats {
  ae::Index features() const { return 3; }
  ae::Index samples() const { return 5; }
  void read(std::span<const ae::Index>, ae::MatrixRef<float> x) const { x.setOnes(); }
};

void use(const Floats& samples) {
  ae::Pca<>::fit(samples, 2);
}
