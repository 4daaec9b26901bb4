// The mark that the others are held against.
#include <Eigen/Dense>

int main(int count, char**) {
  const Eigen::MatrixXf a = Eigen::MatrixXf::Random(30, count),
                        b = Eigen::MatrixXf::Random(count, 50);
  const Eigen::MatrixXf c = a * b;
  return c(0, 0) > 2 ? 1 : 0;
}
