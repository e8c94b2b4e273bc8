export declare function findHermes(): string | undefined
