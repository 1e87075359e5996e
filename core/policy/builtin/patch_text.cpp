// SPDX-License-Identifier: Apache-2.0
#include "policy/builtin/patch_text.h"

#include <algorithm>
#include <array>
#include <cstddef>

namespace luthien::policy::builtin {

namespace {
constexpr std::array<std::string_view, 3> kFileHeads{"*** Add File: ", "*** Update File: ", "*** Move to: "};
} // namespace

bool isPatch(std::string_view text) noexcept
{
    const std::size_t begin = text.find_first_not_of(" \t\r\n");
    return begin != std::string_view::npos && text.substr(begin).starts_with("*** Begin Patch");
}

std::vector<PatchedFile> patchedFiles(std::string_view patch)
{
    std::vector<PatchedFile> files;
    for (std::size_t begin = 0; begin < patch.size();) {
        const std::size_t end = std::min(patch.find('\n', begin), patch.size());
        const std::string_view line = patch.substr(begin, end - begin);
        for (const std::string_view head : kFileHeads) {
            if (line.starts_with(head))
                files.push_back({line.substr(head.size()), {}});
        }
        if (line.starts_with('+') && !files.empty()) {
            for (std::size_t i = begin + 1; i < end; ++i)
                files.back().added.append(patch[i], i);
            files.back().added.append('\n', end - 1);
        }
        begin = end + 1;
    }
    return files;
}

} // namespace luthien::policy::builtin
