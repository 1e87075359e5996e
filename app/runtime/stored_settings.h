// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "runtime/config.h"

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

/// Settings that a person made in the program itself. They are a file of the data directory ("settings.yaml", 0600) and
/// not a table: where the database is stands among them, and several instances, each with its own ports, may share one.
/// Read before the configuration file, so that this one wins. Only what ConfigKey lists; no lists, no secrets.
namespace luthien::runtime {

/// Reads them over what config has; a file that is not there says nothing. Errors: those of readPrivateFile but
/// NotFound, InvalidInput, with file and line.
[[nodiscard]] Result<void> applyStoredSettings(Config& config, const std::filesystem::path& file);

/// Keeps a value, in the form that ConfigKey::set reads; none = forgets it. Errors: InvalidArgument for no setting or
/// no value of it; then, and after any other error, the file is as it was.
[[nodiscard]] Result<void> storeSetting(const std::filesystem::path& file, std::string_view key,
                                        const std::optional<std::string>& value);

/// One setting, as people are shown it.
struct SettingState
{
    std::string key;                   ///< "limits.idle"
    std::string value;                 ///< in force
    ValueSource source;                ///< of the value in force
    std::string next;                  ///< in force after a restart; the same as value unless something waits for one
    ValueSource nextSource;            ///< of that
    std::optional<std::string> stored; ///< what was made here, be it overruled or not
    TakesEffect effect = TakesEffect::AfterRestart;
    bool operator==(const SettingState&) const = default;
};

/// What became of a setting that somebody made.
enum class SettingSaved : std::uint8_t {
    InForce,      ///< from now on; calls under way keep what they began with
    AfterRestart, ///< it is kept, and counts when the program starts again
    Overruled,    ///< it is kept, but file, environment or command line say something else
};

/// The settings of one running program: what is in force, and what is to be. Thread: its owner's.
class LiveSettings
{
public:
    /// config = as loaded, with what the file said.
    LiveSettings(Config config, std::filesystem::path file);

    /// In force.
    [[nodiscard]] const Config& current() const noexcept { return m_current; }
    /// All scalar settings, in the order of the documentation.
    [[nodiscard]] std::vector<SettingState> states() const;
    /// Keeps a setting (none: forgets it). What takes effect at once is in current() then; putting it in force is the
    /// caller's. Errors: those of storeSetting, and of checkConfig for one with which the program would not start
    /// again; nothing is kept then.
    [[nodiscard]] Result<SettingSaved> save(std::string_view key, const std::optional<std::string>& value);

private:
    Config m_current;
    Config m_next;
    const std::filesystem::path m_file;
};

} // namespace luthien::runtime
