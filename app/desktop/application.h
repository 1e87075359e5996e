// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.h"
#include "desktop/options.h"

#include <memory>

namespace luthien::runtime {
class Runtime;
}

namespace luthien::desktop {

/// The desktop program from its command line to its exit code. Thread: main.
class Application
{
public:
    Application(int& argc, char** argv);
    ~Application();

    /// Exit code: 0 done, 1 failed, 2 wrong use.
    [[nodiscard]] int run();

private:
    [[nodiscard]] Result<int> start(Options options);
    /// Null if another instance runs here and showed its window.
    [[nodiscard]] Result<std::unique_ptr<runtime::Runtime>> startRuntime(const Options& options);
    [[nodiscard]] int show(runtime::Runtime& runtime, const Options& options);

    int& m_argc;
    char** m_argv;
};

} // namespace luthien::desktop
