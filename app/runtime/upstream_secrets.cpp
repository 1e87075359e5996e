// SPDX-License-Identifier: Apache-2.0
#include "runtime/upstream_secrets.h"

#include "base/private_file.h"
#include "runtime/config.h"
#include "runtime/keychain.h"
#include "runtime/keychain_answer.h"

#include <algorithm>
#include <sstream>
#include <system_error>
#include <utility>

namespace luthien::runtime {

namespace {
namespace fs = std::filesystem;

constexpr const char* kList = "upstream-secrets"; // a keychain cannot tell what it holds
constexpr std::size_t kMaxNameBytes = 64;

Result<void> checkName(std::string_view name)
{
    constexpr std::string_view kLetters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_";
    if (!name.empty() && name.size() <= kMaxNameBytes && name.find_first_not_of(kLetters) == std::string_view::npos)
        return {};
    return Error{.code = ErrorCode::InvalidArgument,
                 .message = "the name of a secret has 1 to 64 letters, digits, '-' and '_'"};
}

Result<void> checkText(std::string_view text)
{
    const bool isPlain = std::ranges::all_of(text, [](char letter) { return letter > ' ' && letter < 0x7f; });
    if (!text.empty() && text.size() <= UpstreamSecrets::kMaxBytes && isPlain)
        return {};
    return Error{.code = ErrorCode::InvalidArgument,
                 .message = "a key has 1 to 4096 characters, none of them a space, a line end or outside of ASCII"};
}

std::string entryOf(std::string_view name)
{
    return "upstream-secret:" + std::string(name);
}

Error notToBeHad(const UpstreamConfig& upstream, const Error& why)
{
    const std::string& name = upstream.credential.name;
    return {.code = ErrorCode::InvalidInput,
            .message = "upstream '" + upstream.name + "' takes its key from the secret '" + name +
                       "', which cannot be had: " + why.toString() + "; set it with: luthiend secret set " + name};
}
} // namespace

UpstreamSecrets::UpstreamSecrets(SecretPlace place, Variables environment, std::chrono::milliseconds wait)
    : m_place(place)
    , m_environment(std::move(environment))
    , m_wait(wait)
{
}

fs::path UpstreamSecrets::fileOf(std::string_view name) const
{
    const fs::path config = defaultConfigFile(m_environment);
    return config.empty() ? config : config.parent_path() / "secrets" / name;
}

Result<std::string> UpstreamSecrets::readFromKeychain(const std::string& entry) const
{
    return keychainAnswer<std::string>(m_wait, [&](QObject* context, KeychainText done) {
        readKeychain(context, m_environment, QString::fromStdString(entry), std::move(done));
    });
}

Result<void> UpstreamSecrets::writeToKeychain(const std::string& entry, const std::string& text) const
{
    return keychainAnswer<void>(m_wait, [&](QObject* context, KeychainDone done) {
        writeKeychain(context, m_environment, QString::fromStdString(entry), text, std::move(done));
    });
}

Result<std::vector<std::string>> UpstreamSecrets::listed() const
{
    const auto text = readFromKeychain(kList);
    if (!text && text.error().code != ErrorCode::NotFound)
        return text.error();
    std::vector<std::string> names;
    std::istringstream lines(text ? *text : std::string());
    for (std::string name; std::getline(lines, name);) {
        if (checkName(name))
            names.push_back(name);
    }
    return names;
}

Result<void> UpstreamSecrets::list(std::string_view name, bool isThere) const
{
    auto names = listed();
    if (!names)
        return names.error();
    std::erase(*names, name);
    if (isThere)
        names->emplace_back(name);
    std::ranges::sort(*names);
    std::string text;
    for (const std::string& each : *names)
        text += each + '\n';
    return writeToKeychain(kList, text);
}

Result<std::string> UpstreamSecrets::read(std::string_view name) const
{
    if (auto checked = checkName(name); !checked)
        return checked.error();
    auto text = Result<std::string>(Error{.code = ErrorCode::Unsupported, .message = "secrets are off"});
    if (m_place == SecretPlace::Keychain)
        text = readFromKeychain(entryOf(name));
    else if (m_place == SecretPlace::File)
        text = readPrivateFile(fileOf(name));
    const auto checked = text ? checkText(*text) : Result<void>();
    return checked ? text : checked.error();
}

Result<void> UpstreamSecrets::write(std::string_view name, std::string_view text) const
{
    for (const auto& checked : {checkName(name), checkText(text)}) {
        if (!checked)
            return checked;
    }
    if (m_place == SecretPlace::Off)
        return Error{.code = ErrorCode::Unsupported, .message = "secrets are off"};
    if (m_place == SecretPlace::Keychain) {
        auto done = writeToKeychain(entryOf(name), std::string(text));
        return done ? list(name, true) : done;
    }
    const fs::path file = fileOf(name);
    for (const fs::path& directory : {file.parent_path().parent_path(), file.parent_path()}) {
        if (auto made = makePrivateDirectory(directory); !made)
            return made;
    }
    return writePrivateFile(file, text);
}

Result<void> UpstreamSecrets::remove(std::string_view name) const
{
    if (auto checked = checkName(name); !checked)
        return checked;
    const Error missing{
        .code = ErrorCode::NotFound, .message = "there is no such secret", .context = std::string(name)};
    if (m_place == SecretPlace::Off)
        return Error{.code = ErrorCode::Unsupported, .message = "secrets are off"};
    if (m_place == SecretPlace::File) {
        std::error_code failed;
        const bool isGone = fs::remove(fileOf(name), failed);
        if (failed)
            return Error{.code = ErrorCode::Io, .message = failed.message(), .context = fileOf(name).string()};
        return isGone ? Result<void>() : missing;
    }
    const auto kept = readFromKeychain(entryOf(name)); // a keychain takes away what is not there without a word
    if (!kept && kept.error().code != ErrorCode::NotFound)
        return kept.error();
    auto done = !kept ? Result<void>(missing) : keychainAnswer<void>(m_wait, [&](QObject* context, KeychainDone told) {
        removeFromKeychain(context, m_environment, QString::fromStdString(entryOf(name)), std::move(told));
    });
    if (!done && kept)
        return done;
    const auto listed = list(name, false);
    return listed ? done : listed;
}

Result<std::vector<std::string>> UpstreamSecrets::names() const
{
    if (m_place == SecretPlace::Keychain)
        return listed();
    std::vector<std::string> names;
    std::error_code failed;
    if (m_place == SecretPlace::File) {
        for (fs::directory_iterator entry(fileOf("x").parent_path(), failed), end; !failed && entry != end;
             entry.increment(failed)) {
            if (std::string name = entry->path().filename().string(); checkName(name))
                names.push_back(std::move(name));
        }
    }
    std::ranges::sort(names);
    return names;
}

Result<std::map<std::string, std::string>> secretsOf(const Config& config, const UpstreamSecrets& secrets)
{
    std::map<std::string, std::string> found;
    for (const UpstreamConfig& upstream : config.upstreams) {
        const std::string& name = upstream.credential.name;
        if (upstream.credential.source != Credential::Source::Secret || found.contains(name))
            continue;
        auto text = secrets.read(name);
        if (!text)
            return notToBeHad(upstream, text.error());
        found.emplace(name, *std::move(text));
    }
    return found;
}

} // namespace luthien::runtime
