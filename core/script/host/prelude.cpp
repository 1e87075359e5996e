// SPDX-License-Identifier: Apache-2.0
#include "script/host/prelude.h"

namespace luthien::script::host {

// The engine knows about ES2016: no spread of objects, no async, no named groups.
const char* const kPrelude = R"js((function (global, matcher, names) {
'use strict';
const parse = JSON.parse, stringify = JSON.stringify, apply = Reflect.apply, ownKeys = Reflect.ownKeys;
const define = Object.defineProperty, descriptorOf = Object.getOwnPropertyDescriptor, freeze = Object.freeze;
const prototypeOf = Object.getPrototypeOf, assign = Object.assign, isArray = Array.isArray, toText = String;
const nativeReplace = String.prototype.replace, nativeSplit = String.prototype.split;

function isObject(value) {
    return (typeof value === 'object' && value !== null) || typeof value === 'function';
}
function set(object, name, value) {
    define(object, name, { value: value, writable: true, configurable: true, enumerable: false });
}
function refusing(message) {
    return function () { throw new TypeError(message); };
}

// Its matches are bounded by steps, and a text over the bound reads as "no match".
const noRegExp = refusing('RegExp is not available: use luthien.test, luthien.match or luthien.replace');
const expressions = /x/;
const expressionPrototype = prototypeOf(expressions);
ownKeys(expressionPrototype).forEach(function (key) {
    if (key !== 'toString' && typeof descriptorOf(expressionPrototype, key).value === 'function')
        set(expressionPrototype, key, noRegExp);
});
set(String.prototype, 'match', noRegExp);
set(String.prototype, 'search', noRegExp);
set(String.prototype, 'replace', function (what, by) {
    return isObject(what) ? noRegExp() : apply(nativeReplace, this, [what, by]);
});
set(String.prototype, 'split', function (separator, limit) {
    return isObject(separator) ? noRegExp() : apply(nativeSplit, this, [separator, limit]);
});

// Code from text, and what would run after the call is over.
const noCode = refusing('code from text is not available');
set(prototypeOf(function () {}), 'constructor', noCode);
set(prototypeOf(function* () {}), 'constructor', noCode);
['eval', 'Function', 'RegExp', 'Promise', 'SharedArrayBuffer', 'Atomics'].forEach(function (name) {
    delete global[name];
});

function verdict(kind, more) {
    return assign({ verdict: kind }, more);
}
function stringsIn(value) {
    const found = [];
    function visit(part, pointer) {
        if (typeof part === 'string')
            found.push({ pointer: pointer, text: part });
        else if (isArray(part))
            part.forEach(function (item, index) { visit(item, pointer + '/' + index); });
        else if (isObject(part))
            Object.keys(part).forEach(function (key) {
                visit(part[key], pointer + '/' + key.split('~').join('~0').split('/').join('~1'));
            });
    }
    visit(value, '');
    return found;
}
const luthien = {
    allow: function (more) { return verdict('continue', more); },
    block: function (reason, more) { return verdict('block', assign({ reason: reason }, more)); },
    replaceText: function (text, more) { return verdict('replace', assign({ text: text }, more)); },
    replaceArguments: function (args, more) { return verdict('replace', assign({ arguments: args }, more)); },
    replaceParts: function (parts, more) { return verdict('replace', assign({ parts: parts }, more)); },
    test: function (pattern, text) { return matcher.test(toText(pattern), toText(text)); },
    glob: function (pattern, text) { return matcher.glob(toText(pattern), toText(text)); },
    match: function (pattern, text) { return matcher.match(toText(pattern), toText(text)); },
    matchAll: function (pattern, text) { return matcher.matchAll(toText(pattern), toText(text)); },
    replace: function (pattern, text, by) { return matcher.replace(toText(pattern), toText(text), toText(by)); },
    strings: stringsIn
};

const seen = new Set();
function freezeAll(value) {
    if (!isObject(value) || seen.has(value))
        return;
    seen.add(value);
    freeze(value);
    ownKeys(value).forEach(function (key) {
        const descriptor = descriptorOf(value, key);
        freezeAll(descriptor.value);
        freezeAll(descriptor.get);
        freezeAll(descriptor.set);
    });
    freezeAll(prototypeOf(value));
}
freezeAll(global);
freezeAll(luthien);
[expressions, function* () {}, [][Symbol.iterator](), ''[Symbol.iterator](), new Map().entries(), new Set().values(),
    (function () { return arguments; })()].forEach(function (value) { freezeAll(prototypeOf(value)); });

// The innermost line of the script, also where our own code threw.
function lineOf(error) {
    const frames = apply(nativeSplit, toText(error.stack), ['\n']);
    for (let i = 0; i < frames.length; ++i) {
        const place = frames[i].indexOf(':script:');
        if (place >= 0)
            return Number(frames[i].slice(place + 8)) || 0;
    }
    return 0;
}
// Whatever was thrown, also what defends itself against being read.
function failure(thrown) {
    let message = 'something that cannot be written down', line = 0;
    try {
        if (thrown instanceof Error) {
            line = lineOf(thrown);
            message = toText(thrown.name) + ': ' + toText(thrown.message);
        } else {
            message = typeof thrown === 'string' ? thrown : stringify(thrown) || toText(thrown);
        }
    } catch (again) {
    }
    return { line: line, message: message };
}

return {
    outline: function (factory) {
        try {
            const functions = factory(luthien);
            return names.map(function (name) { return typeof functions[name] === 'function' ? '1' : '0'; }).join('');
        } catch (thrown) {
            return failure(thrown);
        }
    },
    // Everything a script keeps in variables is made anew for each call.
    run: function (factory, name, json) {
        try {
            const text = stringify(factory(luthien)[name](parse(json)));
            return typeof text === 'string' ? text : { line: 0, message: name + ' returned nothing' };
        } catch (thrown) {
            return failure(thrown);
        }
    }
};
}))js";

} // namespace luthien::script::host
