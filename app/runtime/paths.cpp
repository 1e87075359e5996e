// SPDX-License-Identifier: Apache-2.0
#include "runtime/paths.h"

namespace luthien::runtime {

namespace {
namespace fs = std::filesystem;

fs::path baseDirectory(const Variables& environment, const std::string& variable, const char* belowHome)
{
    if (const auto named = environment.find(variable); named != environment.end()) {
        if (fs::path path = named->second; path.is_absolute())
            return path;
    }
    if (const auto home = environment.find("HOME"); home != environment.end()) {
        if (const fs::path path = home->second; path.is_absolute())
            return path / belowHome;
    }
    return {};
}
} // namespace

Result<Paths> resolvePaths(const fs::path& dataDirectory, const Variables& environment)
{
    fs::path directory = dataDirectory;
    if (directory.empty()) {
        directory = baseDirectory(environment, "XDG_DATA_HOME", ".local/share");
        if (directory.empty())
            return Error{.code = ErrorCode::InvalidInput,
                         .message = "there is no home to keep data in; name a directory with --data-dir"};
        directory /= "luthien";
    }
    std::error_code failure;
    directory = fs::absolute(directory, failure).lexically_normal();
    if (failure)
        return Error{.code = ErrorCode::InvalidInput,
                     .message = "not a usable data directory: " + failure.message(),
                     .context = dataDirectory.string()};
    return Paths{.dataDirectory = directory};
}

fs::path defaultConfigFile(const Variables& environment)
{
    const fs::path directory = baseDirectory(environment, "XDG_CONFIG_HOME", ".config");
    return directory.empty() ? fs::path() : directory / "luthien" / "config.yaml";
}

} // namespace luthien::runtime
