// SPDX-License-Identifier: Apache-2.0
#include "desktop/controllers/policy_editor.h"

#include "base/ids.h"
#include "base/logging.h"
#include "desktop/models/call_texts.h"
#include "desktop/models/visible_text.h"

#include <QSignalBlocker>

#include <boost/json.hpp>

#include <array>

namespace luthien::desktop {

using namespace Qt::StringLiterals;
using policy::Definition;

namespace {
/// Calls of no sub-agent: in a scope an empty glob, which nobody would see in a list.
constexpr std::string_view kMainAgent = "(main)";

struct ScopeList
{
    std::string_view name;
    std::vector<std::string> policy::Scope::* globs;
};
constexpr std::array<ScopeList, 6> kScopeLists{{{"clients", &policy::Scope::clients},
                                                {"models", &policy::Scope::models},
                                                {"upstreams", &policy::Scope::upstreams},
                                                {"tools", &policy::Scope::tools},
                                                {"sessions", &policy::Scope::sessions},
                                                {"agents", &policy::Scope::agents}}};

/// A list of globs for each part of a scope.
std::string scopeSchema()
{
    const std::array<QString, kScopeLists.size()> titles{PolicyEditor::tr("Clients"),   PolicyEditor::tr("Models"),
                                                         PolicyEditor::tr("Upstreams"), PolicyEditor::tr("Tools"),
                                                         PolicyEditor::tr("Sessions"),  PolicyEditor::tr("Sub-agents")};
    const std::array<QString, kScopeLists.size()> helps{
        PolicyEditor::tr("One on each line; * stands for anything. Empty = all."),
        PolicyEditor::tr("As requests name them."),
        PolicyEditor::tr("As the configuration names them."),
        PolicyEditor::tr("Narrows tool calls only."),
        PolicyEditor::tr("Ids of sessions."),
        PolicyEditor::tr("(main) stands for calls of no sub-agent.")};
    boost::json::object properties;
    for (std::size_t i = 0; i < kScopeLists.size(); ++i)
        properties[kScopeLists[i].name] = {{"title", titles[i].toStdString()},
                                           {"description", helps[i].toStdString()},
                                           {"type", "array"},
                                           {"items", {{"type", "string"}}}};
    return boost::json::serialize(boost::json::object{{"type", "object"}, {"properties", std::move(properties)}});
}

std::string scopeObject(const policy::Scope& scope)
{
    boost::json::object object;
    for (const ScopeList& list : kScopeLists) {
        boost::json::array globs;
        for (const std::string& glob : scope.*list.globs)
            globs.emplace_back(glob.empty() ? kMainAgent : std::string_view(glob));
        if (!globs.empty())
            object[list.name] = std::move(globs);
    }
    return boost::json::serialize(object);
}

policy::Scope scopeFrom(const std::string& text)
{
    policy::Scope scope;
    const boost::json::value value = boost::json::parse(text); // our own form wrote it
    const boost::json::object* const object = value.if_object();
    for (const ScopeList& list : kScopeLists) {
        const boost::json::value* const globs = object != nullptr ? object->if_contains(list.name) : nullptr;
        if (globs == nullptr || !globs->is_array())
            continue;
        for (const boost::json::value& glob : globs->get_array())
            if (glob.is_string())
                (scope.*list.globs).emplace_back(glob.get_string() == kMainAgent ? "" : glob.get_string());
    }
    return scope;
}
} // namespace

PolicyEditor::PolicyEditor(PolicySource& source, QObject* parent)
    : QObject(parent)
    , m_source(source)
{
    QQmlEngine::setObjectOwnership(&m_form, QQmlEngine::CppOwnership);
    connect(&source, &PolicySource::changed, this, &PolicyEditor::follow);
    QQmlEngine::setObjectOwnership(&m_scopeForm, QQmlEngine::CppOwnership);
    connect(&m_form, &SchemaForm::edited, this, &PolicyEditor::edit);
    connect(&m_scopeForm, &SchemaForm::edited, this, &PolicyEditor::edit);
}

bool PolicyEditor::isModified() const
{
    return isUnsaved() || (m_open && m_isNew);
}

bool PolicyEditor::isUnsaved() const
{
    return m_open && !m_readOnly && draft() != m_saved;
}

bool PolicyEditor::canSave() const
{
    return isModified() && !m_isOvertaken && m_form.isValid() && m_scopeForm.isValid() && idProblem().isEmpty();
}

QString PolicyEditor::policyId() const
{
    return fromUtf8(m_definition.id);
}

QString PolicyEditor::idProblem() const
{
    if (!m_isNew)
        return {};
    if (!isSafeLabel(m_definition.id))
        return tr("Letters, digits and . _ : - only, at most 128.");
    return m_source.isUsed(m_definition.id) ? tr("There is a policy with this id.") : QString();
}

QString PolicyEditor::name() const
{
    return fromUtf8(m_definition.name);
}

QString PolicyEditor::type() const
{
    return fromUtf8(m_definition.type);
}

QString PolicyEditor::title() const
{
    const policy::PolicyType* known = policyType();
    return known != nullptr ? fromUtf8(known->title) : visibleText(m_definition.type);
}

QString PolicyEditor::purpose() const
{
    const policy::PolicyType* known = policyType();
    return known != nullptr ? fromUtf8(known->summary) : QString();
}

QStringList PolicyEditor::types() const
{
    QStringList names;
    for (const policy::PolicyType& each : m_source.types())
        names += fromUtf8(each.name);
    return names;
}

void PolicyEditor::setPolicyId(const QString& id)
{
    if (!m_isNew || id == policyId())
        return;
    m_definition.id = id.toStdString();
    edit();
}

void PolicyEditor::setName(const QString& name)
{
    m_definition.name = name.toStdString();
    edit();
}

void PolicyEditor::setType(const QString& type)
{
    if (!m_isNew || type == this->type())
        return;
    beginNew(type.toStdString());
}

void PolicyEditor::setOnError(int choice)
{
    m_definition.onError = static_cast<policy::OnError>(choice);
    edit();
}

void PolicyEditor::setAgentText(int choice)
{
    m_definition.agentText = static_cast<policy::AgentText>(choice);
    edit();
}

void PolicyEditor::setOnBlock(int choice)
{
    m_definition.onBlock = static_cast<policy::OnBlock>(choice);
    edit();
}

QString PolicyEditor::scope() const
{
    const policy::Scope scope = draft().scope;
    QStringList parts;
    const auto add = [&parts](const QString& what, const std::vector<std::string>& globs) {
        QStringList words;
        for (const std::string& glob : globs)
            words += glob.empty() ? tr("none") : visibleText(glob);
        if (!words.isEmpty())
            parts += what.arg(words.join(tr(" or ")));
    };
    add(tr("clients %1"), scope.clients);
    add(tr("models %1"), scope.models);
    add(tr("upstreams %1"), scope.upstreams);
    add(tr("tools %1"), scope.tools);
    add(tr("sessions %1"), scope.sessions);
    add(tr("sub-agents %1"), scope.agents);
    return parts.join(u"; "_s);
}

void PolicyEditor::openPolicy(const QString& id)
{
    for (const ListedPolicy& each : m_source.policies()) {
        if (fromUtf8(each.definition.id) != id)
            continue;
        m_isNew = false;
        m_readOnly = each.isFromFile;
        m_place = visibleText(each.place);
        begin(each.definition, each.version);
        return Q_EMIT opened();
    }
}

void PolicyEditor::openNew()
{
    if (m_source.types().empty())
        return;
    m_isNew = true;
    m_readOnly = false;
    beginNew(std::string(m_source.types().front().name));
}

void PolicyEditor::openNewRule(const QString& tool)
{
    constexpr std::string_view kType = "tool-rules";
    if (policy::findType(m_source.types(), kType) == nullptr)
        return;
    m_isNew = true;
    m_readOnly = false;
    const boost::json::object rule{{"tool", tool.toStdString()}, {"do", "ask"}};
    const boost::json::object config{{"rules", boost::json::array{rule}}};
    begin({.id = m_source.unusedId(std::string(kType)),
           .type = std::string(kType),
           .name = tr("Ask before %1").arg(tool).toStdString(),
           .config = boost::json::serialize(config)},
          {});
    Q_EMIT opened();
}

void PolicyEditor::beginNew(const std::string& type)
{
    Definition definition{.id = m_source.unusedId(type), .type = type};
    if (const policy::PolicyType* known = policy::findType(m_source.types(), type))
        definition.config = SchemaForm::initialObject(known->schema);
    begin(std::move(definition), {});
    Q_EMIT opened();
}

void PolicyEditor::begin(Definition definition, std::string version)
{
    m_open = true;
    m_isOvertaken = false;
    m_version = std::move(version);
    m_problem.clear();
    m_definition = m_saved = std::move(definition);
    const policy::PolicyType* known = policyType();
    const std::string_view schema = known != nullptr ? known->schema : "{}";
    // Both forms tell of what they load: before that nothing is open.
    QSignalBlocker quiet(this);
    if (auto loaded = m_form.load(schema, m_definition.config); !loaded)
        m_problem = fromUtf8(loaded.error().toString());
    if (auto loaded = m_scopeForm.load(scopeSchema(), scopeObject(m_definition.scope)); !loaded)
        m_problem = fromUtf8(loaded.error().toString());
    m_saved = draft();
    quiet.unblock();
    Q_EMIT changed();
}

void PolicyEditor::save()
{
    if (!canSave())
        return;
    const Definition definition = draft();
    m_isSaving = true;
    const auto done = m_source.save(definition);
    m_isSaving = false;
    if (!done)
        return refuse(done.error());
    m_isNew = false;
    begin(definition, policy::versionOf(definition));
    Q_EMIT saved(policyId());
}

std::optional<ListedPolicy> PolicyEditor::listed() const
{
    for (ListedPolicy& each : m_source.policies())
        if (!m_isNew && each.definition.id == m_definition.id)
            return std::move(each);
    return std::nullopt;
}

void PolicyEditor::follow()
{
    if (!m_open || m_isNew || m_isSaving)
        return;
    const std::optional<ListedPolicy> now = listed();
    // The mode is set elsewhere, at once; what is saved here must not take it back.
    if (now)
        m_definition.mode = m_saved.mode = now->definition.mode;
    const bool isOther = !now || now->version != m_version;
    if (isOther && !isUnsaved())
        return takeTheirs();
    if (isOther == m_isOvertaken)
        return;
    m_isOvertaken = isOther;
    Q_EMIT changed();
}

void PolicyEditor::takeTheirs()
{
    const std::optional<ListedPolicy> now = listed();
    if (!now)
        return close();
    begin(now->definition, now->version);
}

void PolicyEditor::keepMine()
{
    if (!m_isOvertaken)
        return;
    const std::optional<ListedPolicy> now = listed();
    m_isNew = !now;
    m_saved = now ? now->definition : Definition{};
    m_version = now ? now->version : std::string();
    m_isOvertaken = false;
    Q_EMIT changed();
}

void PolicyEditor::refuse(const Error& error)
{
    m_problem = showProblem(error) ? tr("Not saved: see the field marked below.")
                                   : tr("Not saved: %1").arg(visibleText(error.toString()));
    Q_EMIT changed();
}

bool PolicyEditor::showProblem(const Error& error)
{
    // "policies[ID].config.rules[0].do": what follows the settings' name is a place in the form.
    std::string_view place = error.context;
    if (const auto id = place.find("]."); place.starts_with("policies[") && id != std::string_view::npos)
        place.remove_prefix(id + 2);
    SchemaForm* const form = place.starts_with("scope.") ? &m_scopeForm : &m_form;
    if (form == &m_scopeForm)
        place.remove_prefix(6);
    for (const std::string_view settings : {"config.", "config"})
        if (place.starts_with(settings)) {
            place.remove_prefix(settings.size());
            break;
        }
    const bool isShown = form->setProblem(place, visibleText(error.message));
    Q_EMIT changed(); // it cannot be saved now
    return isShown;
}

void PolicyEditor::close()
{
    m_open = false;
    m_isOvertaken = false;
    Q_EMIT changed();
}

void PolicyEditor::edit()
{
    m_problem.clear();
    Q_EMIT changed();
}

Definition PolicyEditor::draft() const
{
    Definition definition = m_definition;
    definition.config = m_form.object();
    if (m_open)
        definition.scope = scopeFrom(m_scopeForm.object());
    return definition;
}

const policy::PolicyType* PolicyEditor::policyType() const
{
    return policy::findType(m_source.types(), m_definition.type);
}

} // namespace luthien::desktop
