// SPDX-License-Identifier: Apache-2.0
// Shows that the race detector sees races of our threads whatever tsan.supp says, and none where join() orders them.
#include "base/thread.h"

#include <cstdio>
#include <cstring>
#include <memory>

namespace {

/// Adds to a number that is not its own.
class Adder final : public luthien::Thread
{
public:
    explicit Adder(int& sum)
        : m_sum(sum)
    {
    }

protected:
    void work() override { ++m_sum; }

private:
    int& m_sum;
};

} // namespace

int main(int argc, char** argv)
{
    const bool isRace = argc > 1 && std::strcmp(argv[1], "race") == 0;
    const auto sum = std::make_unique<int>(0);
    Adder first(*sum);
    Adder second(*sum);
    first.start();
    if (!isRace)
        first.join();
    second.start();
    first.join();
    second.join();
    std::printf("%d\n", *sum);
    return 0;
}
