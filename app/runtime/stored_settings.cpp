// SPDX-License-Identifier: Apache-2.0
#include "runtime/stored_settings.h"

#include "base/private_file.h"
#include "runtime/config_file.h"
#include "runtime/config_keys.h"

#include <algorithm>
#include <utility>

namespace luthien::runtime {

namespace {
constexpr const char* kHead = "# Settings made in the program. The configuration file, the environment and the command "
                              "line win over them.\n";

Error noSuchSetting(std::string_view key)
{
    return {.code = ErrorCode::InvalidArgument, .message = "no such setting", .context = std::string(key)};
}

/// A YAML text that reads as these characters; no line end is among them.
std::string yamlText(std::string_view text)
{
    std::string yaml = "'";
    for (const char letter : text) {
        yaml += letter;
        if (letter == '\'')
            yaml += letter;
    }
    return yaml + '\'';
}

/// The file's text; empty = there is none.
Result<std::string> textOf(const std::filesystem::path& file)
{
    auto text = readPrivateFile(file);
    return !text && text.error().code == ErrorCode::NotFound ? Result<std::string>(std::string()) : text;
}

/// What the file says, over nothing but defaults.
Result<Config> readAlone(const std::filesystem::path& file)
{
    Config alone;
    if (auto read = applyStoredSettings(alone, file); !read)
        return read.error();
    return alone;
}
} // namespace

Result<void> applyStoredSettings(Config& config, const std::filesystem::path& file)
{
    const auto text = textOf(file);
    return text ? applyStoredYaml(config, *text, file.string()) : text.error();
}

Result<void> storeSetting(const std::filesystem::path& file, std::string_view key,
                          const std::optional<std::string>& value)
{
    const ConfigKey* const known = findConfigKey(key);
    if (known == nullptr)
        return noSuchSetting(key);
    auto alone = readAlone(file);
    if (!alone)
        return alone.error();
    if (auto set = value ? known->set(*alone, *value) : Result<void>(); !set)
        return set;
    if (value && std::ranges::any_of(*value, [](char letter) { return static_cast<unsigned char>(letter) < ' '; }))
        return Error{.code = ErrorCode::InvalidArgument,
                     .message = "a line end, or another control character, cannot be kept",
                     .context = std::string(key)};
    std::string text = kHead;
    for (const ConfigKey& each : configKeys()) {
        const bool isKept =
            &each == known ? value.has_value() : alone->sourceOf(each.path).origin == ValueOrigin::Stored;
        if (isKept)
            text += each.path + ": " + yamlText(each.show(*alone)) + '\n';
    }
    return writePrivateFile(file, text);
}

LiveSettings::LiveSettings(Config config, std::filesystem::path file)
    : m_current(std::move(config))
    , m_next(m_current)
    , m_file(std::move(file))
{
}

std::vector<SettingState> LiveSettings::states() const
{
    const auto alone = readAlone(m_file);
    std::vector<SettingState> states;
    for (const ConfigKey& key : configKeys()) {
        const bool isStored = alone && alone->sourceOf(key.path).origin == ValueOrigin::Stored;
        states.push_back({.key = key.path,
                          .value = key.show(m_current),
                          .source = m_current.sourceOf(key.path),
                          .next = key.show(m_next),
                          .nextSource = m_next.sourceOf(key.path),
                          .stored = isStored ? std::optional(key.show(*alone)) : std::nullopt,
                          .effect = key.effect});
    }
    return states;
}

Result<SettingSaved> LiveSettings::save(std::string_view key, const std::optional<std::string>& value)
{
    const ConfigKey* const known = findConfigKey(key);
    if (known == nullptr)
        return noSuchSetting(key);
    Config next = m_next;
    auto set = known->set(next, value ? *value : known->show(defaultConfig(next.program)));
    if (!set)
        return set.error();
    const bool isOverruled = m_next.sourceOf(key).origin > ValueOrigin::Stored;
    if (auto checked = isOverruled ? Result<void>() : checkConfig(next); !checked)
        return checked.error();
    if (auto stored = storeSetting(m_file, key, value); !stored)
        return stored.error();
    if (isOverruled)
        return SettingSaved::Overruled;
    const ValueSource source = value ? ValueSource{ValueOrigin::Stored, m_file.string()} : ValueSource();
    next.valueSources.insert_or_assign(known->path, source);
    m_next = std::move(next);
    if (known->effect == TakesEffect::AtOnce) {
        set = known->set(m_current, known->show(m_next));
        m_current.valueSources.insert_or_assign(known->path, source);
        return set ? Result<SettingSaved>(SettingSaved::InForce) : set.error();
    }
    return known->show(m_current) == known->show(m_next) ? SettingSaved::InForce : SettingSaved::AfterRestart;
}

} // namespace luthien::runtime
