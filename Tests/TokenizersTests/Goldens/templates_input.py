"""Templates and variables for templates.json."""
CHAT = [{"role": "system", "content": "あなたは案内人です。"}, {"role": "user", "content": " 霧坂とは？ "},
        {"role": "assistant", "content": "高原の町です。"}, {"role": "user", "content": "海は？\n"}]
BASE = {"messages": CHAT, "bos_token": "<s>", "eos_token": "</s>", "add_generation_prompt": True}
CHATML = ("{% for message in messages %}{{'<|im_start|>' + message['role'] + '\\n' + message['content'] + '<|im_end|>' + '\\n'}}"
          "{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}")
LLAMA = """{%- if messages[0]['role'] == 'system' %}
    {%- set system_message = messages[0]['content'] | trim %}
    {%- set loop_messages = messages[1:] %}
{%- else %}
    {%- set system_message = '' %}
    {%- set loop_messages = messages %}
{%- endif %}
{{- bos_token }}
{%- for message in loop_messages %}
    {%- if (message['role'] == 'user') != (loop.index0 % 2 == 0) %}
        {{- raise_exception('roles must alternate') }}
    {%- endif %}
    {%- if message.role == 'user' %}
        {{- '[INST] ' ~ (system_message ~ '\\n\\n' if loop.first and system_message else '') ~ message.content | trim ~ ' [/INST]' }}
    {%- else %}
        {{- ' ' + message.content | trim + ' ' + eos_token }}
    {%- endif %}
{%- endfor %}
"""
def expression(source, **variables): return ("expression " + source, "{{ " + source + " }}", variables)
def raw(name, source, **variables): return (name, source, variables)
CASES = [
  ("chatml", CHATML, BASE), ("chatml without prompt", CHATML, dict(BASE, add_generation_prompt=False)),
  ("llama", LLAMA, BASE), ("llama without system", LLAMA, dict(BASE, messages=CHAT[1:])),
  ("llama refuses", LLAMA, dict(BASE, messages=CHAT[1:2] * 2)),
  raw("blocks eat their line", "a\n  {% if true %}\n  b\n  {% endif %}\nc\n", ),
  raw("plus keeps", "a\n  {%+ if true %}b{% endif +%}\nc"),
  raw("minus eats", "a  {%- if true -%}  b  {%- endif -%}  c {{- ' d ' -}} e"),
  raw("comments", "a {# no\n#}\nb\n {#- x -#} c"),
  raw("scopes", "{% set x = 1 %}{% for i in [1, 2] %}{% set x = i %}{{ x }}{% endfor %}{{ x }}{% if true %}{% set x = 5 %}{% endif %}{{ x }}"),
  raw("namespace", "{% set ns = namespace(n=0, t='') %}{% for i in range(4) %}{% set ns.n = ns.n + i %}{% set ns.t = ns.t ~ i %}{% endfor %}{{ ns.n }}{{ ns.t }}"),
  raw("loop state", "{% for c in 'あいう' %}{{ loop.index }}{{ loop.index0 }}{{ loop.revindex }}{{ loop.first }}{{ loop.last }}{{ loop.length }}{{ c }}{% if not loop.last %},{% endif %}{% endfor %}"),
  raw("loop filter and else", "{% for i in range(6) if i is odd %}{{ i }}{{ loop.length }}{% else %}none{% endfor %}{% for i in [] %}x{% else %}none{% endfor %}"),
  raw("break and continue", "{% for i in range(9) %}{% if i == 2 %}{% continue %}{% endif %}{% if i > 4 %}{% break %}{% endif %}{{ i }}{% endfor %}"),
  raw("unpacking", "{% for k, v in d.items() %}{{ k }}={{ v }};{% endfor %}", d={"b": 1, "a": [1, "x", None, True, 1.5]}),
  raw("captured", "{% set x %}a{{ 1 + 1 }}{% endset %}[{{ x }}]"),
  raw("elif", "{% for i in range(4) %}{% if i == 0 %}zero{% elif i == 1 %}one{% elif i == 2 %}two{% else %}many{% endif %}{% endfor %}"),
  raw("nested", "{% for m in messages %}{% for c in m.content %}{{ c }}{{ loop.index }}{% endfor %}{{ loop.index }}{% endfor %}", messages=[{"content": "ab"}, {"content": "c"}]),
  raw("undefined prints nothing", "[{{ missing }}][{{ d.missing }}]{% if missing is defined %}x{% endif %}{% if not missing %}y{% endif %}", d={}),
  raw("undefined of undefined", "{{ missing.more }}"),
  raw("tools", "{% if tools %}{% for t in tools %}{{ t | tojson }}\n{{ t | tojson(indent=2) }}{% endfor %}{% endif %}", tools=[{"name": "検索", "args": {"q": "\"a\"\n", "n": [1, 2.5, None, True], "e": {}, "l": []}}]),
  raw("generation", "a{% generation %}b{% endgeneration %}c"),
  raw("trailing line break", "a\n"), raw("two line breaks", "a\n\n"),
  raw("text that looks like code", "{ {% if true %}}{% endif %} } {{ '{{ x }}' }} {{ {'a': {'b': 1}} }}"),
] + [expression(e, **v) for e, v in [
  ("1 + 2 * 3 - 4 // 3 % 2", {}), ("-7 // 2", {}), ("-7 % 3", {}), ("7 / 2", {}), ("2.5 + 1", {}), ("'a' ~ 1 ~ none ~ true", {}),
  ("'ab' * 3", {}), ("1 < 2", {}), ("'a' < 'b'", {}), ("1 == 1.0", {}), ("'が' == 'か\u3099'", {}), ("not 1 == 2", {}),
  ("true and 'x' or 'y'", {}), ("'' or 'y'", {}), ("'x' if a else 'y'", {"a": []}), ("'x' if a", {"a": 0}),
  ("'b' in 'abc'", {}), ("1 not in [1, 2]", {}), ("'k' in d", {"d": {"k": 1}}),
  ("l[0]", {"l": [1, 2, 3]}), ("l[-1]", {"l": [1, 2, 3]}), ("l[1:]", {"l": [1, 2, 3]}), ("l[::-1]", {"l": [1, 2, 3]}),
  ("l[:-1]", {"l": [1, 2, 3]}), ("l[5:9]", {"l": [1, 2, 3]}), ("l[-9:2]", {"l": [1, 2, 3]}), ("l[::2]", {"l": [1, 2, 3]}),
  ("s[1:3]", {"s": "あいうえ"}), ("s[-1]", {"s": "あいうえ"}), ("s[2:0:-1]", {"s": "あいうえ"}), ("l[9]", {"l": [1]}),
  ("s | length", {"s": "か\u3099👨‍👩‍👧"}), ("s | trim", {"s": " \u3000\n a \t"}), ("s.strip()", {"s": "\n a "}), ("s.lstrip('x')", {"s": "xxax"}),
  ("s.rstrip('\\n')", {"s": "a\n\n"}), ("s.split('b')", {"s": "abcb"}), ("s.split()", {"s": " a  b "}), ("s.split('</think>')[-1]", {"s": "a</think>b"}),
  ("s.startswith('ab')", {"s": "abc"}), ("s.endswith('bc')", {"s": "abc"}), ("s.replace('a', 'xx')", {"s": "banana"}), ("s.upper()", {"s": "aé"}),
  ("s | title", {"s": "foo bar-baz it's"}), ("s | capitalize", {"s": "fOO bar"}), ("s.title()", {"s": "they're here"}), ("l | join(', ')", {"l": ["a", 1]}), ("l | first", {"l": [1]}), ("l | last", {"l": [1, 2]}),
  ("m | default('d')", {}), ("'' | default('d', true)", {}), ("'5' | int + 1", {}), ("5 | string + 'x'", {}), ("l | map(attribute='n') | list", {"l": [{"n": 1}, {"n": 2}]}),
  ("l | selectattr('r', 'equalto', 'u') | list | length", {"l": [{"r": "u"}, {"r": "a"}]}), ("l | rejectattr('r') | list", {"l": [{"r": 0}, {"r": 1}]}),
  ("d.get('a')", {"d": {"a": 1}}), ("d.get('b', 'z')", {"d": {}}), ("d['a']['b'][0]", {"d": {"a": {"b": "xy"}}}),
  ("x is string", {"x": "a"}), ("x is mapping", {"x": {}}), ("x is iterable", {"x": [1]}), ("x is none", {"x": None}), ("x is not none", {"x": 1}), ("x is number", {"x": 1.5}),
  ("x is true", {"x": True}), ("x is sameas false", {"x": False}), ("['it\\'s', \"q\", 'a\\nb']", {}), ("range(2, 8, 3) | list", {}),
  ("'a\\u3042\\t|'", {}), ("'x' 'y'", {}), ("{'a': 1}['a']", {}), ("1.0", {}), ("l | reverse | list", {"l": [1, 2]}), ("l + [3]", {"l": [1]}),
  ("'a' + 1", {}), ("nosuch('a')", {}), ("'a' | nosuch", {}), ("1 / 0", {}), ("raise_exception('no')", {}),
]]
