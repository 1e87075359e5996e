// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "guard/mapped_text.h"

#include <string_view>
#include <vector>

namespace luthien::policy::builtin {

/// True for the format of Codex's apply_patch: "*** Begin Patch".
[[nodiscard]] bool isPatch(std::string_view text) noexcept;

/// What a patch adds to one file, without the signs before the lines; its bytes know where in the patch they stand.
struct PatchedFile
{
    std::string_view path;
    guard::MappedText added;
};
[[nodiscard]] std::vector<PatchedFile> patchedFiles(std::string_view patch);

} // namespace luthien::policy::builtin
