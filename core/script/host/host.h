// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace luthien::script::host {

/// The whole life of a script host: shuts itself in, takes one script over descriptor 0 and answers calls until the
/// other end closes it. Gives the exit status; 2 = not started by the program. Thread: main, with nothing before it.
[[nodiscard]] int serve(int argumentCount, char** arguments);

} // namespace luthien::script::host
